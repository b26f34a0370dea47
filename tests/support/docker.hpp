// tests/support/docker.hpp: real containers for tests, through the docker command.
#pragma once

#include "baktainer/testing/end_to_end/docker.hpp"
#include "tests/support/process.hpp"

namespace bkt::test {
using testing::Container;
using testing::docker;
using testing::docker_host;
using testing::must_docker;
using testing::unique_name;
using testing::why_no_docker;
}  // namespace bkt::test
