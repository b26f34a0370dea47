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

// As pg_restore --list says so many entries.
std::string listed(int count) {
    std::string list = ";\n; Archive created at 2026-11-28\n;\n";
    for (int i = 0; i < count; ++i)
        list += std::to_string(i) + "; 2606 16500 CONSTRAINT public t t_pkey o\n";
    return list;
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
    const auto keys = LateKeys::divide(kSettings + index + late + other + end, listed(4),
                                       {"public.x", "\"M s\".t"});
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->now, kSettings + index + other + end);
    EXPECT_EQ(keys->after, kSettings + late);
}

TEST(LateKeys, AreOftenNone) {
    const auto keys = LateKeys::divide(kSettings, listed(0), {"public.t"});
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->now, kSettings);
    EXPECT_EQ(keys->after, "");
}

TEST(LateKeys, AreNotCutOutOfATextThatReadsLikeOne) {
    const std::string forged = entry("k", "FK CONSTRAINT", "REFERENCES public.t(; DROP TABLE x;");
    const std::string trap =
        entry("INDEX i", "COMMENT", "COMMENT ON INDEX i IS '" + forged + entry("e", "INDEX", "';"));
    const auto keys = LateKeys::divide(kSettings + trap, listed(1), {"public.t"});
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, Code::unsupported);
    EXPECT_FALSE(LateKeys::divide(kSettings, listed(1), {}));
}

}  // namespace
}  // namespace bkt::postgres
