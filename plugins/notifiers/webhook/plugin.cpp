// plugin.cpp: the one exported symbol of the "webhook" notifier.
#include "baktainer/plugin.hpp"

#include "plugins/notifiers/webhook/webhook_notifier.hpp"

BKT_PLUGIN("baktainer.notifier.webhook", "0.1.0", "webhook", bkt::webhook::WebhookNotifier)
