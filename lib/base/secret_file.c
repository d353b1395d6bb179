/*
 * secret_file.c -- keys, passwords and the like: new files, for their owner alone.
 *
 * Such a file is never replaced: an old key that is overwritten leads no pseudonym back any
 * more.  The mode is set by hand, because a umask can only take permissions away, and a
 * strange one could take the owner's.
 */
#include "base/fail.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

psy_status psyi_file_new_secret(const char *path, const void *bytes, size_t length,
                                psy_error *error)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST)
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "'%s' is there already, and is not overwritten: choose another name, or "
                         "move it away first",
                         path);
    if (descriptor < 0)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    psy_status status = PSY_OK;
    if (fchmod(descriptor, 0600) != 0)
        status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    if (status == PSY_OK)
        status = psyi_descriptor_write(descriptor, path, bytes, length, error);
    if (status == PSY_OK && fsync(descriptor) != 0)
        status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    if (close(descriptor) != 0 && status == PSY_OK && errno != EINTR)
        status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    if (status != PSY_OK)
        unlink(path);
    return status;
}
