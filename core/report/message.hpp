// report/message.hpp: an event as notifiers are told it: a bkt_event and the texts it borrows.
#pragma once

#include <chrono>
#include <string>

#include "baktainer/abi/kinds/notifier.h"
#include "core/run/event.hpp"

namespace bkt::report {

// All texts are UTF-8, whatever a tool put into the event.
struct Message {
    std::string key;    // of this occurrence: equal in every delivery of it
    std::string type;   // the event's id
    std::string title;  // one line
    std::string text;   // title, remedy, where it happened
    std::string json;   // key, type, severity, time, title, host, recovered and the event's fields
    run::Severity severity = run::Severity::info;
    std::chrono::sys_time<std::chrono::nanoseconds> time;

    // Borrows from this.
    bkt_event raw() const;
};

// `host`: the name of this installation. `recovered`: it ends a row of failures.
Message message_of(const run::Event& event, const std::string& host, bool recovered,
                   std::chrono::sys_time<std::chrono::nanoseconds> at);

}  // namespace bkt::report
