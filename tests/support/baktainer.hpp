// tests/support/baktainer.hpp: the program of this build, with a home of its own.
#pragma once

#include "baktainer/testing/end_to_end/baktainer.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace bkt::test {
using testing::Baktainer;
}
