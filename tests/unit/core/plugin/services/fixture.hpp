// fixture.hpp: one instance's host as a plugin sees it, with everything granted unless a test says otherwise.
#pragma once

#include <gtest/gtest.h>

#include "baktainer/plugin.hpp"
#include "baktainer/testing/memory_stream.hpp"
#include "core/base/cancel.hpp"
#include "core/plugin/call_context.hpp"
#include "core/plugin/facilities.hpp"
#include "core/plugin/instance_host.hpp"
#include "core/plugin/services/http_line.hpp"
#include "core/plugin/services/table.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::plugin {

class ServicesTest : public ::testing::Test {
protected:
    test::TempDir state_;
    base::Cancel cancel_;
    base::Scrubber scrubber_;
    std::shared_ptr<Facilities> facilities_ = std::make_shared<Facilities>(state_.path());
    CallScope scope_{cancel_, scrubber_, std::nullopt, {}, facilities_};

    Grants grants_of(const std::string& component) const {
        Grants grants;
        grants.plugin = "com.acme.x";
        grants.component = component;
        grants.component_name = component;
        grants.kind = "notifier";
        grants.facilities = facilities_;
        for (const auto* service = kServices; service->table; ++service)
            grants.needs.emplace_back(service->id);
        return grants;
    }

    // A call of one instance; `error` is what its outcome would be.
    struct Asked {
        Asked(const CallScope& scope, Grants grants)
            : host(std::move(grants)), context(scope, "com.acme.x") {}
        InstanceHost host;
        CallContext context;
        Call call{host.raw(), context.raw()};
        Error told(const Status& status) const {
            return context.outcome(static_cast<bkt_rc>(status.error().code)).error();
        }
        template <class T>
        Error told(const Result<T>& result) const {
            return context.outcome(static_cast<bkt_rc>(result.error().code)).error();
        }
    };
    Asked ask_{scope_, grants_of("mine")};
};

}  // namespace bkt::plugin
