// report/sentence.hpp: an event as the sentence a person reads, on a terminal or in a message.
#pragma once

#include <string>

#include "core/run/event.hpp"

namespace bkt::report {

// "" = nothing worth a sentence.
std::string sentence(const run::Event& event);

}  // namespace bkt::report
