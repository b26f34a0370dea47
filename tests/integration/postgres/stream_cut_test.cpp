// The connection to the container engine is cut while a dump is on its way: anywhere, and never a backup.
#include "tests/integration/postgres/postgres_box.hpp"
#include "tests/support/cutting_proxy.hpp"

namespace bkt::test {
namespace {

TEST(StreamCut, AnywhereInADumpLeavesNoBackup) {
    BKT_NEED_IMAGE(kPostgresImage);
    if (!docker_host().starts_with("unix://")) GTEST_SKIP() << "needs a daemon at a unix socket";
    PostgresBox pg({"compress=none"});
    pg.sql(kFiller);
    for (const std::size_t bytes : {200'000u, 1'000'003u, 5'555'555u, 20'000'001u}) {
        SCOPED_TRACE("cut after " + std::to_string(bytes) + " bytes");
        TempDir dir;
        const CuttingProxy proxy(dir.path() + "/docker.sock", docker_host().substr(7),
                                 {.attached_after = bytes});
        Baktainer program("  docker: { socket: \"unix://" + dir.path() +
                          "/docker.sock\", transport: stream }");
        const auto done = program.run({"backup", pg.name()});
        EXPECT_EQ(done.exit_code, 1) << done.out << done.err;
        EXPECT_GE(proxy.cuts(), 1u) << "nothing was cut";
        EXPECT_NE(done.err.find("cut"), std::string::npos) << done.err;
        EXPECT_NE(done.err.find("hint: "), std::string::npos) << done.err;
        EXPECT_TRUE(program.ids().empty());
        EXPECT_TRUE(program.stored().empty()) << program.stored().front();
        // Nobody is left writing into a pipe that nobody reads.
        EXPECT_NE(pg.box().exec({"pidof", "pg_dump"}).exit_code, 0);
    }
}

}  // namespace
}  // namespace bkt::test
