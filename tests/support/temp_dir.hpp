// tests/support/temp_dir.hpp: a folder that goes with its test.
#pragma once

#include "baktainer/testing/end_to_end/temp_dir.hpp"

namespace bkt::test {
using testing::TempDir;
}
