// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.binding.CryptokiLibraries;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmBuffers;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters.Layout;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;

/**
 * The loop of driver.c through our binding, with the same arguments and output, and the binding's
 * name before them: {@code ffm} or {@code jna}. The key must be there, but for {@code session}.
 */
public final class DriverLoop {

  private static final int BUCKETS = 64 * 16;

  private final Cryptoki cryptoki;
  private final long key;
  private final List<Worker> workers = new ArrayList<>();
  private volatile boolean running;

  private DriverLoop(Cryptoki cryptoki, long slot, String pin, String id, int threads) {
    this.cryptoki = cryptoki;
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(cryptoki.openSession(slot, Ckf.SERIAL_SESSION | Ckf.RW_SESSION), i));
    }
    cryptoki.login(workers.get(0).session, pin.getBytes(StandardCharsets.UTF_8));
    this.key = findKey(workers.get(0).session, id);
  }

  /** Runs slices as they are asked for on standard input. */
  public static void main(String[] arguments) throws Exception {
    Cryptoki cryptoki =
        CryptokiLibraries.open(
            Path.of(arguments[1]), Binding.valueOf(arguments[0].toUpperCase(Locale.ROOT)));
    String reserved = arguments.length > 6 && !arguments[6].isEmpty() ? arguments[6] : null;
    cryptoki.initialize(new InitializeArguments(reserved, true));
    DriverLoop loop =
        new DriverLoop(
            cryptoki,
            slot(cryptoki, arguments[2]),
            arguments[3],
            arguments[4],
            Integer.parseInt(arguments[5]));
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(loop.slice(Integer.parseInt(line.trim())));
    }
  }

  private static long slot(Cryptoki cryptoki, String label) {
    for (long slot : cryptoki.getSlotList(true)) {
      if (cryptoki.getTokenInfo(slot).label().equals(label)) {
        return slot;
      }
    }
    throw new IllegalArgumentException("no token " + label);
  }

  private long findKey(long session, String id) {
    if (id.equals("session")) {
      return cryptoki.generateKey(
          session,
          Ckm.AES_KEY_GEN,
          Template.builder()
              .number(Cka.CLASS, Ck.CKO_SECRET_KEY)
              .number(Cka.KEY_TYPE, Ck.CKK_AES)
              .flag(Cka.TOKEN, false)
              .flag(Cka.PRIVATE, true)
              .flag(Cka.ENCRYPT, true)
              .number(Cka.VALUE_LEN, 32)
              .build());
    }
    cryptoki.findObjectsInit(
        session,
        Template.builder()
            .number(Cka.CLASS, Ck.CKO_SECRET_KEY)
            .bytes(Cka.ID, id.getBytes(StandardCharsets.US_ASCII))
            .build());
    try {
      return cryptoki.findObjects(session, 1)[0];
    } finally {
      cryptoki.findObjectsFinal(session);
    }
  }

  private String slice(int millis) throws InterruptedException {
    running = true;
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      Thread thread = new Thread(worker);
      thread.start();
      threads.add(thread);
    }
    Thread.sleep(millis);
    running = false;
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    long total = workers.stream().mapToLong(worker -> worker.count).sum();
    return String.format(
        Locale.ROOT, "%.0f %d %d", total / seconds, percentile(total, 50), percentile(total, 99));
  }

  private long percentile(long total, int percent) {
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      for (Worker worker : workers) {
        seen += worker.buckets[bucket];
      }
      if (seen * 100 >= total * percent) {
        return (16L + (bucket & 15)) << (bucket / 16 - 4);
      }
    }
    return 0;
  }

  private final class Worker implements Runnable {

    private final long session;
    private final int number;
    private final GcmBuffers buffers = cryptoki.newGcmBuffers(128, 64);
    private long counter;
    private long count;
    private long[] buckets = new long[BUCKETS];

    Worker(long session, int number) {
      this.session = session;
      this.number = number;
    }

    @Override
    public void run() {
      byte[] iv = new byte[12];
      byte[] aad = new byte[16];
      byte[] input = new byte[32];
      byte[] output = new byte[96];
      ByteBuffer ivView = ByteBuffer.wrap(iv).order(ByteOrder.LITTLE_ENDIAN);
      long[] mine = new long[BUCKETS];
      long done = 0;
      while (running) {
        long began = System.nanoTime();
        counter++;
        ivView.putLong(0, counter);
        iv[11] = (byte) number;
        cryptoki.encryptInit(
            session,
            buffers,
            new GcmParameters(Ckm.AES_GCM, Layout.WITH_IV_BITS, iv, 96, aad),
            key);
        cryptoki.encrypt(session, buffers, input, output);
        buffers.wipe();
        mine[bucket(System.nanoTime() - began)]++;
        done++;
      }
      buckets = mine;
      count = done;
    }

    /** Sixteen buckets for each power of two. */
    private static int bucket(long nanos) {
      int high = nanos < 16 ? 4 : 63 - Long.numberOfLeadingZeros(nanos);
      return high * 16 + (int) ((nanos >> (high - 4)) & 15);
    }
  }
}
