/*
 * bench_encrypt.c -- what sealing one workbook costs beside its floor: a hundred thousand bare
 * rounds of SHA-512 on one context, and the same the naive way, the digest looked up each time.
 * The number of rounds is what keeps a stolen file shut: it is not a knob.
 */
#include "report/agile.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_ROUNDS = 7, PACKAGE = 200000, HASH = 64 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static int add_up(void *context, const void *bytes, size_t length)
{
    (void)bytes;
    *(size_t *)context += length;
    return 0;
}

static void seal(unsigned char *package)
{
    size_t written = 0;
    psy_error error;
    const psy_sink sink = {add_up, &written};
    if (psy_encrypt_workbook(NULL, package, PACKAGE, "correct horse battery staple", NULL, &sink,
                             &error) != PSY_OK ||
        written < PACKAGE) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
}

static void bare(unsigned char *package)
{
    unsigned char sum[HASH] = {0}, text[4 + HASH];
    EVP_MD *const digest = EVP_MD_fetch(NULL, "SHA512", NULL);
    EVP_MD_CTX *const context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, digest, NULL);
    for (uint32_t i = 0; i < PSYI_SPIN; i++) {
        memcpy(text, &i, 4);
        memcpy(text + 4, sum, HASH);
        EVP_DigestInit_ex(context, NULL, NULL);
        EVP_DigestUpdate(context, text, sizeof text);
        EVP_DigestFinal_ex(context, sum, NULL);
    }
    package[0] = sum[0];
    EVP_MD_CTX_free(context);
    EVP_MD_free(digest);
}

static void naive(unsigned char *package)
{
    unsigned char sum[HASH] = {0}, text[4 + HASH];
    for (uint32_t i = 0; i < PSYI_SPIN; i++) {
        memcpy(text, &i, 4);
        memcpy(text + 4, sum, HASH);
        EVP_Digest(text, sizeof text, sum, NULL, EVP_sha512(), NULL);
    }
    package[0] = sum[0];
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(unsigned char *package);
    } ways[] = {{"bare SHA-512, one context", bare},
                {"naive SHA-512, digest by digest", naive},
                {"a workbook of 200 kB sealed", seal}};
    enum { N_WAYS = sizeof ways / sizeof *ways };
    unsigned char *const package = calloc(1, PACKAGE);
    double seconds[N_WAYS][N_ROUNDS];
    if (package == NULL)
        return 1;
    memcpy(package, "PK\3\4", 4);
    for (size_t round = 0; round < N_ROUNDS; round++)
        for (size_t way = 0; way < N_WAYS; way++) {
            const double began = now();
            ways[way].run(package);
            seconds[way][round] = now() - began;
        }
    printf("encryption: %u rounds, CPU ms, median of %d turns, beside the bare loop\n", PSYI_SPIN,
           N_ROUNDS);
    for (size_t way = 0; way < N_WAYS; way++)
        qsort(seconds[way], N_ROUNDS, sizeof(double), by_value);
    for (size_t way = 0; way < N_WAYS; way++)
        printf("  %-32s %6.1f  %.2f\n", ways[way].name, 1e3 * seconds[way][N_ROUNDS / 2],
               seconds[way][N_ROUNDS / 2] / seconds[0][N_ROUNDS / 2]);
    free(package);
    return 0;
}
