import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { registryReference } from '../../pins/reference.ts';
import { ecrPlace } from '../../registry/logins.ts';
import { failed, passed, unchecked } from '../answer.ts';
import type { Answer, Check } from '../answer.ts';
import type { NeededImage, StackNeeds } from '../stack-needs.ts';
import type { AwsAccess } from './aws-access.ts';

/** How an image comes to where pods pull it from. */
const BRING = 'run npm run images -- --stack prod --as staging --push';

/** Others' registries are for `npm run pins`, without whose digests a deployment is refused. */
const OF_OTHERS: Answer = unchecked(
  'Images',
  'their registry is not of AWS; npm run pins looks them up there, and a deployment is refused without their digests',
);

/** Whether pods could pull what they are to run: each image by its digest, in the registry of AWS that it is named in. */
export function imageChecks(access: AwsAccess, { images }: StackNeeds): readonly Check[] {
  const elsewhere = images.filter(({ reference }) => placeOf(reference) === undefined);
  return [
    ...images
      .filter((image) => !elsewhere.includes(image))
      .map((image) => ({
        about: `Image '${image.name}'`,
        run: (signal: AbortSignal) => imageAnswer(access, image, signal),
      })),
    ...(elsewhere.length === 0
      ? []
      : [{ about: 'Images', run: async () => await Promise.resolve([OF_OTHERS]) }]),
  ];
}

async function imageAnswer(
  access: AwsAccess,
  { name, reference, digest }: NeededImage,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const about = `Image '${name}'`;
  if (digest === UNRESOLVED) return [failed(about, `must have a digest, got none; ${BRING}`)];
  const { repository } = registryReference(reference);
  const place = placeOf(reference);
  try {
    await new ECRClient({ ...access, region: place?.region ?? access.region }).send(
      new DescribeImagesCommand({
        registryId: place?.account,
        repositoryName: repository,
        imageIds: [{ imageDigest: digest }],
      }),
      { abortSignal: signal },
    );
    return [passed(about, 'is in its registry')];
  } catch (cause) {
    const code = cause instanceof Error ? cause.name : '';
    if (code === 'RepositoryNotFoundException') {
      return [
        failed(
          about,
          `must have a repository '${repository}', got none; name it in the setting images of bootstrap`,
        ),
      ];
    }
    if (code !== 'ImageNotFoundException') throw cause;
    return [failed(about, `must be in '${repository}' as ${digest}, got none; ${BRING}`)];
  }
}

function placeOf(reference: string): ReturnType<typeof ecrPlace> {
  return ecrPlace(reference.split('/')[0] ?? '');
}
