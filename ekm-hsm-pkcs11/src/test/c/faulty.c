/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PKCS#11 module that passes everything on to another one and fails on cue: before C_Encrypt,
 * C_Decrypt and C_GenerateRandom it looks for a file. What the file says happens once, to whoever
 * finds it first:
 *
 *   crash      the process gets SIGSEGV
 *   hang SECS  the call hangs for so many seconds
 *
 * Built with -DREAL="path of the module" -DCUE="path of the file".
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*call1)(word);
typedef word (*call3)(word, word, word);
typedef word (*call5)(word, word, word, word, word);

/* The version, then the pointers, of which 2.40 has 68. */
struct list {
  unsigned char version[8];
  void *functions[68];
};

enum { ENCRYPT = 30, DECRYPT = 34, GENERATE_RANDOM = 64 };

static struct list *real;
static struct list ours;

static void obey(void) {
  char text[32] = "";
  char taken[4096];
  FILE *cue;
  snprintf(taken, sizeof taken, "%s.%d", CUE, (int)getpid());
  if (access(CUE, F_OK) != 0 || rename(CUE, taken) != 0) {
    return;
  }
  cue = fopen(taken, "r");
  if (cue != NULL) {
    if (fgets(text, sizeof text, cue) == NULL) {
      text[0] = '\0';
    }
    fclose(cue);
  }
  unlink(taken);
  if (strncmp(text, "crash", 5) == 0) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  } else if (strncmp(text, "hang", 4) == 0) {
    sleep((unsigned)atoi(text + 4));
  }
}

static word encrypt(word session, word in, word length, word out, word out_length) {
  obey();
  return ((call5)real->functions[ENCRYPT])(session, in, length, out, out_length);
}

static word decrypt(word session, word in, word length, word out, word out_length) {
  obey();
  return ((call5)real->functions[DECRYPT])(session, in, length, out, out_length);
}

static word generate_random(word session, word out, word length) {
  obey();
  return ((call3)real->functions[GENERATE_RANDOM])(session, out, length);
}

word C_GetFunctionList(word address) {
  if (real == NULL) {
    void *module = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    call1 get = module == NULL ? NULL : (call1)dlsym(module, "C_GetFunctionList");
    if (get == NULL || get((word)&real) != 0) {
      return 5; /* CKR_GENERAL_ERROR */
    }
    ours = *real;
    ours.functions[ENCRYPT] = (void *)encrypt;
    ours.functions[DECRYPT] = (void *)decrypt;
    ours.functions[GENERATE_RANDOM] = (void *)generate_random;
  }
  *(struct list **)address = &ours;
  return 0;
}
