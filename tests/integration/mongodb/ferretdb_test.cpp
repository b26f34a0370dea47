// The mongodb engine and a real server that speaks its protocol. mongodump is in no package, so a lab image made
// without MONGO_TOOLS has none: what can be known without it is tested here, the rest by the contract suite.
#include <gtest/gtest.h>

#include "tests/support/baktainer.hpp"
#include "tests/support/docker.hpp"

namespace bkt::test {
namespace {

constexpr const char* kImage = "lab/ferretdb:2";
constexpr const char* kPassword = "s3cr3t'\"$PW-Pässwörd";

struct Ferretdb : ::testing::Test {
    void SetUp() override { BKT_NEED_IMAGE(kImage); }

    static std::vector<std::string> options(const std::vector<std::string>& labels) {
        std::vector<std::string> all{
            "-e",      "MONGO_INITDB_ROOT_USERNAME=root",
            "-e",      std::string("MONGO_INITDB_ROOT_PASSWORD=") + kPassword,
            "--label", "baktainer.backup=true"};
        for (const auto& label : labels) all.insert(all.end(), {"--label", "baktainer." + label});
        return all;
    }
    static bool has_mongodump(const std::string& container) {
        return docker({"exec", container, "sh", "-c", "command -v mongodump"}).exit_code == 0;
    }
    Baktainer program{"  docker: { socket: \"" + docker_host() + "\" }"};
};

TEST_F(Ferretdb, IsRecognisedWithItsUserAndAReferenceToItsPassword) {
    const Container box(kImage, options({}));
    const auto shown = program.run({"targets", "explain", box.name()});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    for (const char* piece : {"mongodb", "the image is 'ferretdb'", "root",
                              "MONGO_INITDB_ROOT_USERNAME", "env:MONGO_INITDB_ROOT_PASSWORD"})
        EXPECT_NE(shown.out.find(piece), std::string::npos) << piece << "\n" << shown.out;
    EXPECT_EQ((shown.out + shown.err).find(kPassword), std::string::npos);
}

TEST_F(Ferretdb, WithoutTheToolsIsAFailureWithARemedyThatKeepsNothing) {
    const Container box(kImage, options({}));
    if (has_mongodump(box.name())) GTEST_SKIP() << "the image was made with MONGO_TOOLS";
    for (const auto& args : std::vector<std::vector<std::string>>{
             {"backup", box.name()}, {"backup", "--dry-run", box.name()}}) {
        const auto done = program.run(args);
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_NE(done.err.find("no 'mongodump' in the container"), std::string::npos) << done.err;
        EXPECT_NE(done.err.find("hint: use an image that holds the MongoDB Database Tools"),
                  std::string::npos)
            << done.err;
    }
    EXPECT_TRUE(program.ids().empty());
    EXPECT_TRUE(program.stored().empty());
}

TEST_F(Ferretdb, BesideItOrOnThisMachineTheToolsAreMissedThere) {
    for (const auto& [mode, says] :
         std::map<std::string, std::string>{{"mode=sidecar", "no 'mongodump' in the container"},
                                            {"mode=remote", "no 'mongodump' on this machine"}}) {
        SCOPED_TRACE(mode);
        const Container box(kImage, options({mode}));
        const bool here = Process({"sh", "-c", "command -v mongodump"}).wait().exit_code == 0;
        if (mode == "mode=remote" ? here : has_mongodump(box.name())) continue;
        const auto done = program.run({"backup", box.name()});
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_NE(done.err.find(says), std::string::npos) << done.err;
        EXPECT_TRUE(program.stored().empty());
    }
}

struct Refused {
    const char* label;
    const char* says;
};

TEST_F(Ferretdb, IsNotAskedForWhatMongodumpCannotDo) {
    for (const auto& c : {Refused{"db.exclude=cache", "while it dumps all databases"},
                          Refused{"db.name=a.b", "allows for no database"},
                          Refused{"db.host=h/?authSource=x", "no host name"}}) {
        const Container box(kImage, options({c.label}));
        const auto done = program.run({"backup", box.name()});
        EXPECT_NE(done.exit_code, 0) << c.label;
        EXPECT_NE(done.err.find(c.says), std::string::npos) << done.err;
    }
}

}  // namespace
}  // namespace bkt::test
