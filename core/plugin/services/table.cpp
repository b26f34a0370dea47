#include "core/plugin/services/table.hpp"

namespace bkt::plugin {

const ServiceRow kServices[] = {
    {BKT_SERVICE_LOG, &services::kLog, Granted::always},
    {BKT_SERVICE_CONFIG, &services::kConfig, Granted::always},
    {BKT_SERVICE_CLOCK, &services::kClock, Granted::always},
    {BKT_SERVICE_HASH, &services::kHash, Granted::always},
    {BKT_SERVICE_THREAD, &services::kThread, Granted::always},
    {BKT_SERVICE_SECRET, &services::kSecret, Granted::when_listed},
    {BKT_SERVICE_EXEC, &services::kExec, Granted::when_listed},
    {BKT_SERVICE_HTTP, &services::kHttp, Granted::when_listed},
    {BKT_SERVICE_TEMP, &services::kTemp, Granted::when_listed},
    {BKT_SERVICE_KV, &services::kKv, Granted::when_listed},
    {BKT_SERVICE_METRICS, &services::kMetrics, Granted::when_listed},
    {BKT_SERVICE_EVENTS, &services::kEvents, Granted::when_listed},
    {BKT_SERVICE_NET, &services::kNet, Granted::experimental},
    {{}, nullptr, Granted::always},
};

}  // namespace bkt::plugin
