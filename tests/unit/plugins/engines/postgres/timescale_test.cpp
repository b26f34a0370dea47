// What is said of a database's TimescaleDB, and which keys wait for it.
#include "plugins/engines/postgres/timescale.hpp"

#include <gtest/gtest.h>

#include "plugins/engines/postgres/late_keys.hpp"

namespace bkt::postgres {
namespace {

TEST(TimescaleText, IsReadAsItWasWritten) {
    for (const Timescale& t : {Timescale{"2.31.0", "public"}, Timescale{"2.0.0-rc4", "t s\"'$x"},
                               Timescale{"1.7.5", "x in schema y"}}) {
        const auto again = Timescale::parse(t.text());
        ASSERT_TRUE(again) << t.text();
        EXPECT_EQ(*again, t);
    }
}

TEST(TimescaleText, IsNothingElse) {
    const std::string whole = Timescale{"2.31.0", "public"}.text();
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(Timescale::parse(whole.substr(0, length))) << length;
    EXPECT_FALSE(Timescale::parse(whole + "DROP TABLE x;\n"));
    std::string quoted = Timescale{"2.31.0';--", "public"}.text();
    EXPECT_FALSE(Timescale::parse(quoted)) << "no version has a quote";
}

const std::string kSettings = "\\restrict K\n\nSET row_security = off;\n\n";
std::string entry(const std::string& name, const std::string& type, const std::string& sql) {
    return "--\n-- Name: " + name + "; Type: " + type + "; Schema: public; Owner: o\n--\n\n" + sql +
           "\n\n\n";
}

TEST(LateKeys, AreThoseThatReferToAHypertable) {
    const std::string index = entry("i", "INDEX", "CREATE INDEX i ON public.t USING btree (a);");
    const std::string late = entry("alarm k", "FK CONSTRAINT",
                                   "ALTER TABLE ONLY public.alarm\n    ADD CONSTRAINT k FOREIGN "
                                   "KEY (a) REFERENCES \"M s\".t(a);");
    const std::string other = entry("alarm l", "FK CONSTRAINT",
                                    "ALTER TABLE ONLY public.alarm\n    ADD CONSTRAINT l FOREIGN "
                                    "KEY (a) REFERENCES public.t2(a);");
    const std::string end = entry("v", "VIEW", "-- REFERENCES \"M s\".t(") + "\\unrestrict K\n";
    const auto keys =
        LateKeys::divide(kSettings + index + late + other + end, {"public.x", "\"M s\".t"});
    EXPECT_EQ(keys.now, kSettings + index + other + end);
    EXPECT_EQ(keys.after, kSettings + late);
}

TEST(LateKeys, AreOftenNone) {
    const auto keys = LateKeys::divide(kSettings, {"public.t"});
    EXPECT_EQ(keys.now, kSettings);
    EXPECT_EQ(keys.after, "");
}

}  // namespace
}  // namespace bkt::postgres
