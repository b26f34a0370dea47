// plugin.cpp: the one exported symbol of the "command" secrets provider.
#include "baktainer/plugin.hpp"

#include "plugins/secrets/command/command_secrets.hpp"

BKT_PLUGIN("baktainer.secrets.command", "0.1.0", "command", bkt::command_secrets::CommandSecrets)
