// tests/support/process.hpp: runs a program to its end, or until the test ends it.
#pragma once

#include "baktainer/testing/end_to_end/process.hpp"

namespace bkt::test {
using testing::Ended;
using testing::must;
using testing::Process;
using testing::run;
}  // namespace bkt::test
