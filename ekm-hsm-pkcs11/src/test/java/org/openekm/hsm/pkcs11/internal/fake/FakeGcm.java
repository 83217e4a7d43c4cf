// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;

/** AES-GCM by the JDK, with the manners of a token. */
final class FakeGcm {

  private static final byte[] REPEATED = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  private final FakeBehavior behavior;
  private final SecureRandom random = new SecureRandom();

  FakeGcm(FakeBehavior behavior) {
    this.behavior = behavior;
  }

  void requireForm(CkFunction function, GcmParameters parameters) {
    if (parameters.layout() != behavior.layout()) {
      throw new Pkcs11Exception(function, Ckr.MECHANISM_PARAM_INVALID);
    }
  }

  byte[] encrypt(byte[] key, GcmParameters parameters, FakeBuffers buffers, byte[] plaintext) {
    byte[] iv = iv(parameters);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    if (behavior.iv() == FakeBehavior.Iv.PREPENDED) {
      output.writeBytes(iv);
    }
    output.writeBytes(crypt(Cipher.ENCRYPT_MODE, key, iv, parameters.aad(), plaintext));
    switch (behavior.iv()) {
      case APPENDED, APPENDED_LONG -> output.writeBytes(iv);
      case IN_PARAM, REPEATING -> buffers.setIv(iv);
      case REPLACED_SECRETLY -> buffers.setIv(iv);
      default -> {
        if (parameters.iv() != null) {
          buffers.setIv(parameters.iv());
        }
      }
    }
    return output.toByteArray();
  }

  byte[] decrypt(byte[] key, GcmParameters parameters, byte[] input) {
    if (input.length < 16) {
      throw new Pkcs11Exception(CkFunction.DECRYPT, behavior.wrongTag());
    }
    return crypt(Cipher.DECRYPT_MODE, key, parameters.iv(), parameters.aad(), input);
  }

  private byte[] iv(GcmParameters parameters) {
    return switch (behavior.iv()) {
      case CALLER -> parameters.iv() == null ? new byte[16] : parameters.iv();
      case REPEATING -> REPEATED.clone();
      case APPENDED_LONG -> fresh(16);
      default -> fresh(12);
    };
  }

  private byte[] fresh(int length) {
    byte[] iv = new byte[length];
    random.nextBytes(iv);
    return iv;
  }

  private byte[] crypt(int mode, byte[] key, byte[] iv, byte[] aad, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
      cipher.updateAAD(aad);
      return cipher.doFinal(input);
    } catch (AEADBadTagException e) {
      throw new Pkcs11Exception(CkFunction.DECRYPT, behavior.wrongTag());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(Arrays.toString(iv), e);
    }
  }
}
