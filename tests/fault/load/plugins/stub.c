/* Stands for a library a plugin needs. */
int bkt_test_stub(void);
int bkt_test_stub(void) { return 1; }
