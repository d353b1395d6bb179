/*
 * test_file.c -- reading, listing, and files that appear whole or not at all.
 */
#include "test_support.h"

#include "base/file.h"
#include "malloc_sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *directory;

static int make_directory(void **state)
{
    (void)state;
    directory = psy_test_directory();
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    psy_test_directory_remove();
    return 0;
}

static size_t count_names(void)
{
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(directory, NULL, &names, &n, NULL), PSY_OK);
    psyi_free(NULL, names);
    return n;
}

static void assert_content(const char *path, const char *expected)
{
    char *const text = psy_test_read_file(path, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static void test_read_gives_the_bytes(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "a");
    static const size_t sizes[] = {0, 1, 4095, 65536, 300001};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *const bytes = malloc(sizes[i] + 1);
        assert_non_null(bytes);
        for (size_t k = 0; k < sizes[i]; k++)
            bytes[k] = (char)(k * 31);
        psy_test_write_file(path, bytes, sizes[i]);
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        psyi_buffer_text(&out, "+");
        assert_int_equal(psyi_file_read(path, 0, &out, NULL), PSY_OK);
        assert_int_equal(out.length, sizes[i] + 1);
        assert_memory_equal(out.data + 1, bytes, sizes[i]);
        assert_int_equal(out.data[out.length], 0);
        psyi_buffer_done(&out);
        free(bytes);
    }
}

static void test_read_stops_at_the_limit(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "a");
    psy_test_write_file(path, "0123456789", 10);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psy_error error;
    assert_int_equal(psyi_file_read(path, 10, &out, &error), PSY_OK);
    psyi_buffer_clear(&out);
    assert_int_equal(psyi_file_read(path, 9, &out, &error), PSY_E_LIMIT);
    assert_non_null(strstr(error.message, "larger than 9 bytes"));
    assert_int_equal(out.length, 0);
    psyi_buffer_done(&out);
}

static void test_read_says_why_not(void **state)
{
    (void)state;
    static const struct {
        const char *path, *message;
    } rows[] = {
        {"/nonexistent/x.csv", "cannot read '/nonexistent/x.csv': No such file or directory"},
        {"/", "it is a directory"},
        {"/dev/zero", "it is a device"},
        {"/dev/null", "it is a device"},
        {"", "No such file or directory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        psy_error error;
        assert_int_equal(psyi_file_read(rows[i].path, 0, &out, &error), PSY_E_IO);
        if (strstr(error.message, rows[i].message) == NULL)
            fail_msg("%s: '%s'", rows[i].path, error.message);
        char digest[65] = "untouched";
        assert_int_equal(psyi_file_digest(rows[i].path, digest, &error), PSY_E_IO);
        assert_string_equal(digest, "untouched");
        psyi_buffer_done(&out);
    }
}

static void test_read_of_a_pipe(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    /* Nobody writes: the end at once, not a wait for ever. */
    assert_int_equal(psyi_file_read(path, 0, &out, NULL), PSY_OK);
    assert_int_equal(out.length, 0);
    const int end = open(path, O_RDWR);
    assert_true(end >= 0);
    assert_int_equal(write(end, "through a pipe", 14), 14);
    const pid_t child = fork();
    if (child == 0) {
        /* Keep the pipe open for a moment, so that the reader has to wait for the end. */
        usleep(50000);
        _exit(0);
    }
    close(end);
    assert_int_equal(psyi_file_read(path, 0, &out, NULL), PSY_OK);
    assert_string_equal(out.data, "through a pipe");
    waitpid(child, NULL, 0);
    psyi_buffer_done(&out);
}

static void test_read_of_files_that_announce_no_size(void **state)
{
    (void)state;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psy_error error;
    if (!psyi_file_exists("/proc/self/maps") || !psyi_file_exists("/proc/self/mem")) {
        print_message("skipped test_read_of_files_that_announce_no_size: no /proc\n");
        skip();
    }
    assert_int_equal(psyi_file_read("/proc/self/maps", 0, &out, &error), PSY_OK);
    assert_true(out.length > 1000);
    assert_int_equal(strlen(out.data), out.length);
    psyi_buffer_clear(&out);
    assert_int_equal(psyi_file_read("/proc/self/maps", 100, &out, &error), PSY_E_LIMIT);
    /* Opens like a file, and cannot be read from its start. */
    assert_int_equal(psyi_file_read("/proc/self/mem", 0, &out, &error), PSY_E_IO);
    assert_int_equal(out.length, 0);
    char digest[65] = "untouched";
    assert_int_equal(psyi_file_digest("/proc/self/mem", digest, &error), PSY_E_IO);
    assert_string_equal(digest, "untouched");
    psyi_buffer_done(&out);
}

static psy_status read_once(const psy_allocator *allocator, void *context)
{
    psyi_buffer out;
    psyi_buffer_init(&out, allocator);
    const psy_status status = psyi_file_read(context, 0, &out, NULL);
    psyi_buffer_done(&out);
    return status;
}

static psy_status list_once(const psy_allocator *allocator, void *context)
{
    char **names = PSY_UNTOUCHED;
    size_t n = 77;
    const psy_status status = psyi_directory_list(context, allocator, &names, &n, NULL);
    if (status == PSY_OK) {
        psyi_free(allocator, names);
    } else {
        psy_assert_untouched(names);
        assert_int_equal(n, 77);
    }
    return status;
}

static psy_status replace_once(const psy_allocator *allocator, void *context)
{
    return psyi_file_replace(context, "new", 3, 0644, allocator, NULL);
}

static psy_status create_once(const psy_allocator *allocator, void *context)
{
    psyi_file_writer *writer = PSY_UNTOUCHED;
    const psy_status status = psyi_file_create(&writer, context, 0644, allocator, NULL);
    if (status == PSY_OK)
        psyi_file_abort(writer);
    else
        psy_assert_untouched(writer);
    return status;
}

static psy_status create_unnamed_once(const psy_allocator *allocator, void *context)
{
    psyi_file_writer *writer = PSY_UNTOUCHED;
    const psy_status status = psyi_file_create_unnamed(&writer, context, allocator, NULL);
    if (status == PSY_OK)
        psyi_file_abort(writer);
    else
        psy_assert_untouched(writer);
    return status;
}

static void test_files_survive_every_failing_allocation(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "a");
    psy_test_write_file(path, "0123456789", 10);
    assert_true(psy_sweep(read_once, (void *)path) > 0);
    assert_true(psy_sweep(list_once, (void *)directory) > 0);
    assert_true(psy_sweep(create_once, (void *)path) > 2);
    assert_true(psy_sweep(create_unnamed_once, (void *)path) > 2);
    assert_content(path, "0123456789");
    assert_true(psy_sweep(replace_once, (void *)path) > 2);
    assert_content(path, "new");
    assert_int_equal(count_names(), 1);
}

static size_t read_in_pieces(void *context, void *buffer, size_t size)
{
    size_t *const left = context;
    size_t n = *left < 1000 ? *left : 1000;
    if (n > size)
        n = size;
    memset(buffer, 's', n);
    *left -= n;
    return n;
}

static size_t read_error(void *context, void *buffer, size_t size)
{
    (void)context;
    (void)buffer;
    (void)size;
    return (size_t)-1;
}

static size_t read_too_much(void *context, void *buffer, size_t size)
{
    (void)context;
    (void)buffer;
    return size + 1;
}

static void test_source_read(void **state)
{
    (void)state;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    size_t left = 200000;
    const psy_source source = {read_in_pieces, &left, "in"};
    assert_int_equal(psyi_source_read(&source, 0, &out, NULL), PSY_OK);
    assert_int_equal(out.length, 200000);
    psy_error error;
    left = 5000;
    assert_int_equal(psyi_source_read(&source, 4999, &out, &error), PSY_E_LIMIT);
    assert_int_equal(out.length, 200000);
    const psy_source broken = {read_error, NULL, NULL};
    assert_int_equal(psyi_source_read(&broken, 0, &out, &error), PSY_E_IO);
    assert_string_equal(error.message, "'<memory>' could not be read");
    const psy_source liar = {read_too_much, NULL, "liar"};
    assert_int_equal(psyi_source_read(&liar, 0, &out, &error), PSY_E_IO);
    assert_int_equal(out.length, 200000);
    psyi_buffer_done(&out);
}

static void test_directory_list_is_sorted_bytewise(void **state)
{
    (void)state;
    static const char *const names[] = {"b", "a", "B", "学校", ".hidden", "a.csv", "10", "9"};
    static const char *const sorted[] = {".hidden", "10", "9", "B", "a", "a.csv", "b", "学校"};
    for (size_t i = 0; i < 8; i++)
        psy_test_write_file(psy_test_path(directory, names[i]), "", 0);
    char **list;
    size_t n;
    assert_int_equal(psyi_directory_list(directory, NULL, &list, &n, NULL), PSY_OK);
    assert_int_equal(n, 8);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(list[i], sorted[i]);
    psyi_free(NULL, list);
    psy_error error;
    assert_int_equal(psyi_directory_list("/nonexistent", NULL, &list, &n, &error), PSY_E_IO);
    assert_int_equal(psyi_directory_list(psy_test_path(directory, "b"), NULL, &list, &n, &error),
                     PSY_E_IO);
}

static void test_directory_make(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "made");
    assert_false(psyi_file_exists(path));
    assert_int_equal(psyi_directory_make(path, NULL), PSY_OK);
    assert_int_equal(psyi_directory_make(path, NULL), PSY_OK);
    assert_true(psyi_is_directory(path));
    psy_error error;
    assert_int_equal(psyi_directory_make(psy_test_path(path, "x/y"), &error), PSY_E_OUTPUT);
    psy_test_write_file(psy_test_path(path, "file"), "", 0);
    assert_false(psyi_is_directory(psy_test_path(path, "file")));
    assert_int_equal(psyi_directory_make(psy_test_path(path, "file"), &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "is a file, not a directory"));
}

/* Those above it, too; a file on the way is said by name. */
static void test_directories_above(void **state)
{
    (void)state;
    char path[600];
    psy_error error;
    const char *const root = psy_test_directory();
    snprintf(path, sizeof path, "%s/one//two/three/", root);
    assert_int_equal(psyi_directory_make_all(path, NULL, NULL), PSY_OK);
    assert_true(psyi_is_directory(path));
    assert_int_equal(psyi_directory_make_all(path, NULL, NULL), PSY_OK);
    psy_test_write_file(psy_test_path(root, "one/file"), "x", 1);
    snprintf(path, sizeof path, "%s/one/file/four", root);
    assert_int_equal(psyi_directory_make_all(path, NULL, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "one/file'"));
}

/* Told before anything is made, and nothing is made by asking. */
static void test_directories_that_can_be(void **state)
{
    (void)state;
    char path[600];
    psy_error error;
    const char *const root = psy_test_directory();
    snprintf(path, sizeof path, "%s/new/er/", root);
    assert_int_equal(psyi_directory_can_be(path, NULL, NULL), PSY_OK);
    snprintf(path, sizeof path, "%s/new", root);
    assert_false(psyi_file_exists(path));
    assert_int_equal(psyi_directory_can_be(root, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_directory_can_be("not_there_yet/a", NULL, NULL), PSY_OK);
    assert_int_equal(psyi_directory_can_be("/", NULL, NULL),
                     geteuid() == 0 ? PSY_OK : PSY_E_OUTPUT);
    psy_test_write_file(psy_test_path(root, "plain"), "x", 1);
    snprintf(path, sizeof path, "%s/plain/four/five", root);
    assert_int_equal(psyi_directory_can_be(path, NULL, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "plain' is a file"));
    snprintf(path, sizeof path, "%s/closed", root);
    assert_int_equal(mkdir(path, 0500), 0);
    snprintf(path, sizeof path, "%s/closed/six", root);
    if (geteuid() != 0) {
        assert_int_equal(psyi_directory_can_be(path, NULL, &error), PSY_E_OUTPUT);
        assert_non_null(strstr(error.message, "closed"));
    }
}

static void test_path_join(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"}, {"/", "b", "/b"}};
    for (size_t i = 0; i < 4; i++) {
        char *const path = psyi_path_join(NULL, rows[i][0], rows[i][1]);
        assert_string_equal(path, rows[i][2]);
        psyi_free(NULL, path);
    }
}

static void test_writer_shows_nothing_before_the_commit(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "out.csv");
    psyi_file_writer *writer;
    assert_int_equal(psyi_file_create(&writer, path, 0640, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_file_write(writer, "hello ", 6, NULL), PSY_OK);
    assert_int_equal(psyi_file_write(writer, "", 0, NULL), PSY_OK);
    assert_int_equal(psyi_file_write(writer, "world", 5, NULL), PSY_OK);
    assert_false(psyi_file_exists(path));
    struct stat about;
    assert_int_equal(stat(psyi_file_temporary(writer), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(fstat(psyi_file_descriptor(writer), &about), 0);
    assert_int_equal(about.st_size, 11);
    assert_int_equal(psyi_file_commit(writer, NULL), PSY_OK);
    assert_content(path, "hello world");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(count_names(), 1);
}

static void test_abort_leaves_the_old_file(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "out.csv");
    psy_test_write_file(path, "old", 3);
    psyi_file_writer *writer;
    assert_int_equal(psyi_file_create(&writer, path, 0644, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_file_write(writer, "new", 3, NULL), PSY_OK);
    psyi_file_abort(writer);
    psyi_file_abort(NULL);
    assert_content(path, "old");
    assert_int_equal(count_names(), 1);
    assert_int_equal(psyi_file_replace(path, "newer", 5, 0644, NULL, NULL), PSY_OK);
    assert_content(path, "newer");
}

/* What a killed process had without a name is gone; until then it is a file like others. */
static void test_a_file_without_a_name(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "draft");
    psyi_file_writer *writer;
    assert_int_equal(psyi_file_create_unnamed(&writer, path, NULL, NULL), PSY_OK);
    assert_int_equal(count_names(), psyi_is_directory("/proc/self/fd") ? 0 : 1);
    FILE *const by_path = fopen(psyi_file_temporary(writer), "wb");
    assert_non_null(by_path);
    assert_true(fputs("inside", by_path) >= 0);
    assert_int_equal(fclose(by_path), 0);
    assert_content(psyi_file_temporary(writer), "inside");
    psyi_file_abort(writer);
    assert_int_equal(count_names(), 0);
    if (!psyi_is_directory("/proc/self/fd"))
        return;
    psy_error error;
    assert_int_equal(psyi_file_create_unnamed(&writer, path, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_file_commit(writer, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "it has no name"));
    assert_int_equal(count_names(), 0);
}

static void test_two_writers_of_one_file_do_not_mix(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "out.csv");
    psyi_file_writer *first, *second;
    assert_int_equal(psyi_file_create(&first, path, 0644, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_file_create(&second, path, 0644, NULL, NULL), PSY_OK);
    assert_string_not_equal(psyi_file_temporary(first), psyi_file_temporary(second));
    assert_int_equal(psyi_file_write(first, "11", 2, NULL), PSY_OK);
    assert_int_equal(psyi_file_write(second, "2", 1, NULL), PSY_OK);
    assert_int_equal(psyi_file_commit(first, NULL), PSY_OK);
    assert_content(path, "11");
    assert_int_equal(psyi_file_commit(second, NULL), PSY_OK);
    assert_content(path, "2");
    assert_int_equal(count_names(), 1);
}

static void test_long_names_fit(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    const char *const path = psy_test_path(directory, name);
    assert_int_equal(psyi_file_replace(path, "x", 1, 0644, NULL, NULL), PSY_OK);
    assert_content(path, "x");
}

static void test_create_says_why_not(void **state)
{
    (void)state;
    psy_test_write_file(psy_test_path(directory, "file"), "", 0);
    const struct {
        const char *path, *message;
    } rows[] = {
        {"/nonexistent/dir/x", "cannot write into '/nonexistent/dir/': No such file"},
        {psy_test_path(directory, "file/x"), "Not a directory"},
        {psy_test_path(directory, ""), "it names no file"},
        {"..", "it names no file"},
        {"", "it names no file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        psyi_file_writer *writer = PSY_UNTOUCHED;
        psy_error error;
        assert_int_equal(psyi_file_create(&writer, rows[i].path, 0644, NULL, &error), PSY_E_OUTPUT);
        psy_assert_untouched(writer);
        if (strstr(error.message, rows[i].message) == NULL)
            fail_msg("%s: '%s'", rows[i].path, error.message);
    }
}

static void test_unwritable_directory(void **state)
{
    (void)state;
    const char *const inner = psy_test_path(directory, "locked");
    assert_int_equal(mkdir(inner, 0755), 0);
    assert_int_equal(chmod(directory, 0755), 0);
    assert_int_equal(chmod(inner, 0555), 0);
    /* Root may write anywhere; nobody may not. */
    const int root = geteuid() == 0;
    if (root && seteuid(65534) != 0)
        skip();
    psy_error error;
    const psy_status status =
        psyi_file_replace(psy_test_path(inner, "x"), "x", 1, 0644, NULL, &error);
    if (root)
        assert_int_equal(seteuid(0), 0);
    chmod(inner, 0755);
    assert_int_equal(status, PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "Permission denied"));
}

static void test_commit_onto_a_directory_fails_and_cleans_up(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "taken");
    assert_int_equal(mkdir(path, 0755), 0);
    psy_error error;
    assert_int_equal(psyi_file_replace(path, "x", 1, 0644, NULL, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "cannot write"));
    assert_int_equal(count_names(), 1);
}

static void test_full_device(void **state)
{
    (void)state;
    const int full = open("/dev/full", O_WRONLY);
    if (full < 0) {
        print_message("skipped test_full_device: no /dev/full\n");
        skip();
    }
    psy_error error;
    assert_int_equal(psyi_descriptor_write(full, "disk", "x", 1, &error), PSY_E_OUTPUT);
    assert_string_equal(error.message, "cannot write 'disk': No space left on device");
    close(full);
    assert_int_equal(psyi_descriptor_write(-1, "closed", "x", 1, &error), PSY_E_OUTPUT);
}

static void test_failed_write_refuses_the_commit(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "out.csv");
    psy_test_write_file(path, "old", 3);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 10000;
    static char block[65536];
    psyi_file_writer *writer;
    assert_int_equal(psyi_file_create(&writer, path, 0644, NULL, NULL), PSY_OK);
    void (*const handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    psy_error error;
    const psy_status status = psyi_file_write(writer, block, sizeof block, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "File too large"));
    /* There is room again, but a hole in the middle of a result is worse than none. */
    assert_int_equal(psyi_file_write(writer, "x", 1, NULL), PSY_OK);
    assert_int_equal(psyi_file_commit(writer, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "an earlier write"));
    assert_content(path, "old");
    assert_int_equal(count_names(), 1);
}

/* In a child of its own: fill a file system of 64 KiB.  Exit code 77: not allowed to. */
static int fill_a_disk(const char *path)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", path, "tmpfs", 0, "size=64k") != 0)
        return 77;
    static char block[200000];
    psy_error error;
    const char *const file = psy_test_path(path, "x");
    if (psyi_file_replace(file, "old", 3, 0644, NULL, &error) != PSY_OK)
        return 1;
    if (psyi_file_replace(file, block, sizeof block, 0644, NULL, &error) != PSY_E_OUTPUT)
        return 2;
    if (strstr(error.message, "No space left on device") == NULL)
        return 3;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    if (psyi_file_read(file, 0, &out, NULL) != PSY_OK || strcmp(out.data, "old") != 0)
        return 4;
    psyi_buffer_done(&out);
    char **names;
    size_t n;
    if (psyi_directory_list(path, NULL, &names, &n, NULL) != PSY_OK || n != 1)
        return 5;
    psyi_free(NULL, names);
    return 0;
}

static void test_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    const pid_t child = fork();
    if (child == 0)
        _exit(fill_a_disk(directory));
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    if (WEXITSTATUS(result) == 77) {
        print_message("skipped test_full_disk_leaves_the_old_file: may not mount\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(result), 0);
}

static void test_digest_of_a_file(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "abc");
    psy_test_write_file(path, "abc", 3);
    char hex[65];
    assert_int_equal(psyi_file_digest(path, hex, NULL), PSY_OK);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static psy_status digest_once(void *context)
{
    char hex[65] = "untouched";
    const psy_status status = psyi_file_digest(context, hex, NULL);
    assert_int_equal(strlen(hex), status == PSY_OK ? 64 : 9);
    return status;
}

static psy_status list_by_malloc(void *context)
{
    return list_once(NULL, context);
}

static void test_files_survive_a_failing_malloc(void **state)
{
    (void)state;
    const char *const path = psy_test_path(directory, "abc");
    psy_test_write_file(path, "abc", 3);
    assert_int_equal(digest_once((void *)path), PSY_OK);
    psy_malloc_sweep(digest_once, (void *)path, 0);
    psy_malloc_sweep(list_by_malloc, (void *)directory, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read_gives_the_bytes),
        TEST(test_read_stops_at_the_limit),
        TEST(test_read_says_why_not),
        TEST(test_read_of_a_pipe),
        TEST(test_read_of_files_that_announce_no_size),
        TEST(test_files_survive_every_failing_allocation),
        TEST(test_source_read),
        TEST(test_directory_list_is_sorted_bytewise),
        TEST(test_directory_make),
        TEST(test_directories_above),
        TEST(test_directories_that_can_be),
        TEST(test_path_join),
        TEST(test_writer_shows_nothing_before_the_commit),
        TEST(test_abort_leaves_the_old_file),
        TEST(test_a_file_without_a_name),
        TEST(test_two_writers_of_one_file_do_not_mix),
        TEST(test_long_names_fit),
        TEST(test_create_says_why_not),
        TEST(test_unwritable_directory),
        TEST(test_commit_onto_a_directory_fails_and_cleans_up),
        TEST(test_full_device),
        TEST(test_failed_write_refuses_the_commit),
        TEST(test_full_disk_leaves_the_old_file),
        TEST(test_digest_of_a_file),
        TEST(test_files_survive_a_failing_malloc),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
