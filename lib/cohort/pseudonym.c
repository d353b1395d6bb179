/*
 * pseudonym.c -- printed ids that only the holder of the key can lead back to a child.
 *
 * A student number contains the birth date, the sex and the region; a hash without a key is
 * undone by trying all numbers.  The keyed one (HMAC-SHA-256) is not.  The message is
 * "psyscreen/v1|", then the district and the id, each behind its length in bytes as a 32-bit
 * big-endian number, so that no two pairs give the same bytes.  Twenty-six letters of base32
 * carry 130 bits.
 */
#include "cohort/pseudonym.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/memory.h"

#include <string.h>

#define PREFIX "psyscreen/v1|"

struct psyi_pseudonyms {
    psyi_hmac *hmac;
    psyi_buffer message;
    size_t head; /* bytes of the message before the id */
};

static void add_length(psyi_buffer *out, size_t length)
{
    const char bytes[4] = {(char)(length >> 24 & 255u), (char)(length >> 16 & 255u),
                           (char)(length >> 8 & 255u), (char)(length & 255u)};
    psyi_buffer_add(out, bytes, sizeof bytes);
}

psy_status psyi_pseudonyms_new(psyi_pseudonyms **out, const unsigned char *key, size_t key_length,
                               const char *district, const psy_allocator *allocator,
                               psy_error *error)
{
    psyi_pseudonyms *const made = psyi_alloc(allocator, 1, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "pseudonyms");
    psyi_buffer_init(&made->message, allocator);
    made->hmac = psyi_hmac_new(key, key_length);
    psyi_buffer_text(&made->message, PREFIX);
    add_length(&made->message, strlen(district));
    psyi_buffer_text(&made->message, district);
    made->head = made->message.length;
    if (made->hmac == NULL || made->message.failed) {
        psyi_pseudonyms_free(made);
        return psyi_fail_memory(error, "pseudonyms");
    }
    *out = made;
    return PSY_OK;
}

void psyi_pseudonyms_free(psyi_pseudonyms *pseudonyms)
{
    if (pseudonyms == NULL)
        return;
    const psy_allocator *const allocator = pseudonyms->message.allocator;
    psyi_hmac_free(pseudonyms->hmac);
    psyi_wipe(pseudonyms->message.data, pseudonyms->message.length);
    psyi_buffer_done(&pseudonyms->message);
    psyi_free(allocator, pseudonyms);
}

psy_status psyi_pseudonym_of(psyi_pseudonyms *pseudonyms, const char *id, char out[27],
                             psy_error *error)
{
    uint8_t mac[32];
    psyi_buffer *const message = &pseudonyms->message;
    message->length = pseudonyms->head;
    add_length(message, strlen(id));
    psyi_buffer_text(message, id);
    if (message->failed)
        return psyi_fail_memory(error, "pseudonyms");
    if (!psyi_hmac_bytes(pseudonyms->hmac, message->data, message->length, mac))
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "libcrypto refused to make a pseudonym");
    psyi_base32(mac, sizeof mac, out, 26);
    return PSY_OK;
}

psy_status psyi_pseudonym(const unsigned char *key, size_t key_length, const char *district,
                          const char *id, char out[27], psy_error *error)
{
    psyi_pseudonyms *pseudonyms;
    psy_status status = psyi_pseudonyms_new(&pseudonyms, key, key_length, district, NULL, error);
    if (status != PSY_OK)
        return status;
    status = psyi_pseudonym_of(pseudonyms, id, out, error);
    psyi_pseudonyms_free(pseudonyms);
    return status;
}
