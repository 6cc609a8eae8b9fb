/**
 * A token of Amazon MSK by the role of the process, good for 15 minutes: a request that is signed and never sent, by
 * which the broker learns who signed it. In a cluster EKS Pod Identity has the role's credentials, at the address that
 * it names in the environment. What signs is only loaded where there is a binding for it.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
 */
export async function iamToken(region: string): Promise<string> {
  const [{ generateAuthTokenFromCredentialsProvider }, { fromHttp }] = await Promise.all([
    import('aws-msk-iam-sasl-signer-js'),
    import('@aws-sdk/credential-providers'),
  ]);
  const credentials = fromHttp({});
  const { token } = await generateAuthTokenFromCredentialsProvider({
    region,
    awsCredentialsProvider: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
      // Without their end: of credentials that end sooner the signer makes an X-Amz-Expires with a fraction, which is no
      // number of seconds (aws-msk-iam-sasl-signer-js 1.0.3, dist/getMSKAuthToken.js); they end by themselves.
      return {
        ...{ accessKeyId, secretAccessKey },
        ...(sessionToken === undefined ? {} : { sessionToken }),
      };
    },
  });
  return token;
}
