import { expect, test } from '@jest/globals';
import * as sdk from '@pulumi/pulumi/runtime/rpc.js';
import { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_VALUE } from './protocol-marks.ts';

test("the marks of the protocol are those of Pulumi's SDK", () => {
  expect([SIGNATURE_KEY, SECRET_SIGNATURE, UNKNOWN_VALUE]).toEqual([
    sdk.specialSigKey,
    sdk.specialSecretSig,
    sdk.unknownValue,
  ]);
});
