// recognise.hpp: whether a target is a PostgreSQL server, and what its image says of how to log in.
#pragma once

#include "baktainer/engine.hpp"

namespace bkt::postgres {

// By the image's name, else by the variables of the official image or Bitnami's, else by a program that runs there.
// A container that says where its server is (POSTGRES_HOST) is a client, whatever else it has.
void recognise_target(const TargetView& target, Recognition& out);

}  // namespace bkt::postgres
