/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same loop in C that DriverLoop runs in Java: C_EncryptInit and C_Encrypt of 32 bytes with 16
 * bytes of additional data and a fresh IV, one session for each thread.
 *
 *   driver MODULE LABEL PIN ID THREADS [INIT-ARGS]
 *
 * ID is a CKA_ID; the key is made if it is not there. With the ID "session" it is made for this process
 * and goes with it: NSS decrypts a key of its database anew for each call, which would hide all else. Then each line on
 * standard input, a number of milliseconds, runs one slice and prints "OPS P50 P99": operations a
 * second and nanoseconds.
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 64, BUCKETS = 64 * 16 };

struct gcm_params {
  unsigned char *iv;
  unsigned long iv_length;
  unsigned long iv_bits;
  unsigned char *aad;
  unsigned long aad_length;
  unsigned long tag_bits;
};

static CK_FUNCTION_LIST *p11;
static CK_OBJECT_HANDLE key;
static volatile int running;

struct worker {
  pthread_t thread;
  CK_SESSION_HANDLE session;
  uint64_t counter;
  uint64_t buckets[BUCKETS];
  uint64_t count;
};

static struct worker workers[MOST_THREADS];

static void check(CK_RV rv, const char *what) {
  if (rv != CKR_OK) {
    fprintf(stderr, "%s: 0x%lx\n", what, (unsigned long)rv);
    exit(1);
  }
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* 16 buckets for each power of two. */
static int bucket(uint64_t nanos) {
  int high = nanos < 16 ? 4 : 63 - __builtin_clzll(nanos);
  return high * 16 + (int)((nanos >> (high - 4)) & 15);
}

static uint64_t value(int index) {
  return (uint64_t)(16 + (index & 15)) << (index / 16 - 4);
}

static void *work(void *argument) {
  struct worker *me = argument;
  unsigned char iv[12] = {0}, aad[16] = {1}, in[32] = {2}, out[96];
  while (running) {
    struct gcm_params params = {iv, sizeof iv, 96, aad, sizeof aad, 128};
    CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
    CK_ULONG length = sizeof out;
    uint64_t began = now();
    me->counter++;
    memcpy(iv, &me->counter, sizeof me->counter);
    iv[11] = (unsigned char)(me - workers);
    check(p11->C_EncryptInit(me->session, &mechanism, key), "C_EncryptInit");
    check(p11->C_Encrypt(me->session, in, sizeof in, out, &length), "C_Encrypt");
    me->buckets[bucket(now() - began)]++;
    me->count++;
  }
  return NULL;
}

static void slice(int threads, int millis) {
  struct timespec pause = {millis / 1000, (millis % 1000) * 1000000L};
  uint64_t total = 0, seen = 0, p50 = 0, p99 = 0, began;
  for (int i = 0; i < threads; i++) {
    memset(workers[i].buckets, 0, sizeof workers[i].buckets);
    workers[i].count = 0;
  }
  running = 1;
  began = now();
  for (int i = 0; i < threads; i++) {
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  nanosleep(&pause, NULL);
  running = 0;
  for (int i = 0; i < threads; i++) {
    pthread_join(workers[i].thread, NULL);
    total += workers[i].count;
  }
  double seconds = (double)(now() - began) / 1e9;
  for (int b = 0; b < BUCKETS; b++) {
    for (int i = 0; i < threads; i++) {
      seen += workers[i].buckets[b];
    }
    if (p50 == 0 && seen * 2 >= total) p50 = value(b);
    if (p99 == 0 && seen * 100 >= total * 99) p99 = value(b);
  }
  printf("%.0f %llu %llu\n", (double)total / seconds, (unsigned long long)p50,
         (unsigned long long)p99);
  fflush(stdout);
}

static CK_SLOT_ID find_slot(const char *label) {
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  check(p11->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    memset(&info, 0, sizeof info);
    if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK
        && strncmp((char *)info.label, label, strlen(label)) == 0) {
      return slots[i];
    }
  }
  fprintf(stderr, "no token %s\n", label);
  exit(1);
}

static void find_key(CK_SESSION_HANDLE session, char *id) {
  CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
  CK_KEY_TYPE aes = CKK_AES;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_BBOOL lasting = strcmp(id, "session") == 0 ? CK_FALSE : CK_TRUE;
  CK_ULONG found = 0, size = 32;
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &secret, sizeof secret}, {CKA_ID, id, strlen(id)}};
  CK_ATTRIBUTE made[] = {
      {CKA_CLASS, &secret, sizeof secret}, {CKA_KEY_TYPE, &aes, sizeof aes},
      {CKA_TOKEN, &lasting, sizeof lasting},       {CKA_PRIVATE, &yes, sizeof yes},
      {CKA_SENSITIVE, &yes, sizeof yes},   {CKA_EXTRACTABLE, &no, sizeof no},
      {CKA_ENCRYPT, &yes, sizeof yes},     {CKA_DECRYPT, &yes, sizeof yes},
      {CKA_ID, id, strlen(id)},            {CKA_VALUE_LEN, &size, sizeof size}};
  check(p11->C_FindObjectsInit(session, wanted, 2), "C_FindObjectsInit");
  check(p11->C_FindObjects(session, &key, 1, &found), "C_FindObjects");
  check(p11->C_FindObjectsFinal(session), "C_FindObjectsFinal");
  if (found == 0 || !lasting) {
    check(p11->C_GenerateKey(session, &generate, made, 10, &key), "C_GenerateKey");
  }
}

int main(int argc, char **argv) {
  CK_C_INITIALIZE_ARGS init = {NULL, NULL, NULL, NULL, CKF_OS_LOCKING_OK, NULL};
  CK_RV (*get)(CK_FUNCTION_LIST **);
  void *module;
  CK_SLOT_ID slot;
  int threads, millis;
  if (argc < 6 || (threads = atoi(argv[5])) < 1 || threads > MOST_THREADS) {
    fprintf(stderr, "driver MODULE LABEL PIN ID THREADS [INIT-ARGS]\n");
    return 2;
  }
  init.pReserved = argc > 6 && argv[6][0] != '\0' ? argv[6] : NULL;
  module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  get = module == NULL ? NULL : (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(module, "C_GetFunctionList");
  if (get == NULL) {
    fprintf(stderr, "%s is no PKCS#11 module\n", argv[1]);
    return 1;
  }
  check(get(&p11), "C_GetFunctionList");
  check(p11->C_Initialize(&init), "C_Initialize");
  slot = find_slot(argv[2]);
  for (int i = 0; i < threads; i++) {
    check(p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                             &workers[i].session),
          "C_OpenSession");
  }
  check(p11->C_Login(workers[0].session, CKU_USER, (unsigned char *)argv[3], strlen(argv[3])),
        "C_Login");
  find_key(workers[0].session, argv[4]);
  while (scanf("%d", &millis) == 1) {
    slice(threads, millis);
  }
  return 0;
}
