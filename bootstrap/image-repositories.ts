import { ecr } from '@pulumi/aws';
import { declareKey, keyOf } from '@meridian/components/aws/key.ts';
import { bootstrapNames } from './names.ts';
import type { BootstrapSettings } from './settings.ts';

/**
 * Days that an image stays which no tag names: an upload that nobody ended. What a list of images names stays as long as the list.
 * Source: Amazon ECR User Guide, "Automate the cleanup of images by using lifecycle policies"
 */
const UNTAGGED_DAYS = 14;

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'What no tag names',
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: UNTAGGED_DAYS,
      },
      action: { type: 'expire' },
    },
  ],
});

/**
 * Declares where images of the platform are kept, a repository for each: whose tags are never moved, which are scanned when they come
 * and encrypted by a key of their own. Before the platform, as its pods pull from there when they are made. Who pulls and who sends
 * is said by their roles; a repository's own policy would be for other accounts.
 */
export function declareImageRepositories(settings: BootstrapSettings): void {
  const { images, account } = settings;
  if (images.length === 0) return;
  // ECR gives itself the use of it, in the name of whoever makes a repository. Source: Amazon ECR User Guide, "Encryption at rest"
  const key = declareKey('images', keyOf(account, 'Images of the platform'), {});
  for (const image of images) {
    const repository = new ecr.Repository(
      image,
      {
        name: `${bootstrapNames(settings).images}/${image}`,
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: key.arn }],
        forceDelete: false,
      },
      { protect: true },
    );
    new ecr.LifecyclePolicy(image, { repository: repository.name, policy: LIFECYCLE });
  }
}
