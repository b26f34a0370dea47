// A server whose image and environment say nothing of what it is.
#include "tests/integration/postgres/postgres_box.hpp"

namespace bkt::test {
namespace {

TEST(PostgresUnnamedImage, IsKnownByTheProgramThatRuns) {
    BKT_NEED_IMAGE(kPostgresImage);
    const std::string image = unique_name("acme") + ":1";
    must_docker({"tag", kPostgresImage, image});
    const struct Untag {
        std::string name;
        ~Untag() { docker({"rmi", name}); }
    } untag{image};
    {
        const Container box(
            image, {"-e", "POSTGRES_HOST_AUTH_METHOD=trust", "--label", "baktainer.backup=true"});
        PostgresBox::wait_ready(box.name());
        PostgresBox::sql_in(box.name(), "create table t as select 7 as x", "postgres");
        const Baktainer program(PostgresBox::discovery());
        const auto told = program.run({"targets", "explain", box.name()});
        EXPECT_NE(told.out.find("a program 'postgres' runs in it"), std::string::npos)
            << told.out << told.err;
        const auto done = program.run({"backup", box.name()});
        ASSERT_EQ(done.exit_code, 0) << done.err;
        const auto restored = program.run({"restore", box.name()});
        ASSERT_EQ(restored.exit_code, 0) << restored.err;
        const Made made(restored);
        EXPECT_EQ(PostgresBox::sql_in(made.name, "select x from t", "postgres"), "7");
    }
}

}  // namespace
}  // namespace bkt::test
