/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames of the host interface.
 */
#include "tests/unit/testing.h"

#include "control/host.h"

static void test_checksums(void **state)
{
    (void)state;
    const uint8_t *digits = (const uint8_t *)"123456789";
    /* the check values that go with these two codes */
    assert_int_equal(control_crc16(digits, 9), 0x29b1);
    assert_int_equal(control_crc32(0, digits, 9), 0xcbf43926);
    assert_int_equal(control_crc32(control_crc32(0, digits, 4), digits + 4, 5), 0xcbf43926);
}

static void test_frames(void **state)
{
    (void)state;
    uint8_t frame[CONTROL_WRITE_FRAME], read[CONTROL_READ_HEAD + 2];
    const uint8_t data[] = {0xde, 0xad};
    assert_int_equal(control_write_frame(frame, CONTROL_CLASS, 0x012345, data, 2), 9);
    const uint8_t head[] = {2, 2, 1, 0x23, 0x45, 0xde, 0xad};
    assert_memory_equal(frame, head, sizeof head);
    assert_int_equal(control_crc16(frame, 9), 0); /* with its own at the end */
    frame[6] ^= 4;
    assert_int_not_equal(control_crc16(frame, 9), 0);
    control_read_frame(read, CONTROL_SETTINGS, 8, 2);
    const uint8_t expected[] = {3, 5, 0, 0, 8, 0, 0, 0};
    assert_memory_equal(read, expected, sizeof expected);
    assert_int_equal(control_get(frame + 2, 3), 0x012345);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksums),
        cmocka_unit_test(test_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
