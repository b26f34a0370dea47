// testing/engine_contract/subject.hpp: one kind of database server, as the engine contract suite meets it:
// a real container shaped as its users run it, some data, and a way to tell whether data are the same.
//
// Scripts run in the container by `sh -euc`. They get nothing from the suite but their text.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bkt::testing {

struct EngineSubject {
    std::string name;    // of the tests: letters, digits, '_'
    std::string engine;  // what it must be recognised as, without any label but backup=true
    std::string image;
    std::string
        needs;  // a program without which the image is of no use; the cases are skipped then
    std::vector<std::string> options;  // of `docker run`: the environment of a stock container
    std::vector<std::string> command;  // after the image
    std::string password;              // must be found nowhere; contains what shells and URIs quote

    std::string ready;  // exits 0 once the finished server answers
    // Data of all the kinds the database has, with names that hold quotes, blanks, dashes and letters of other
    // scripts where the database allows them.
    std::string seed;
    std::string digest;  // prints the same text for the same data, and another one for any other
    std::string change;  // changes what seed made: removes, alters, adds
    // Many rows: about SIZE_MB (in the environment) of dump, such as compress badly.
    std::string fill;
    // For writers: `accounts` makes accounts that hold some sum in all, `transfer` moves some between them
    // and goes on until it is ended, `sum` prints the sum. Empty: the engine promises no consistency.
    std::string accounts, transfer, sum;

    // Labels ("db.user=x") that make a login fail; `options` may be replaced by `wrong_options`.
    std::vector<std::string> wrong_password;
    std::string hide_tools;  // moves the tools a backup needs out of the way; empty = it needs none
    // Makes a login with too few rights (its password is `password` too) ...
    std::string weak_login;
    std::vector<std::string>
        weak_labels;  // ... and the labels to use it; must fail, never half succeed
    std::vector<std::string>
        labels;  // more labels than backup=true, where a stock container needs one

    std::string plugin;  // the library, for its validator; empty: that case is skipped
    std::map<std::string, std::string> settings;  // what that validator must be told
    bool in_place = true;                         // a restore over existing data is offered
    // A dump is out of the container before it is stored: a restart midway does not cost the run.
    bool outlives_restart = false;
    // Seconds the server may take to start.
    int start_s = 60;
    // Prints the same text for the same rows of `fill`, however many, and another one for any other. Empty: the
    // engine is not tried with a gigabyte.
    std::string weigh;
};

}  // namespace bkt::testing
