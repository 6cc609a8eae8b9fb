import { budgets, cloudtrail, cloudwatch, s3, sns } from '@pulumi/aws';
import { accountNames } from '@meridian/components/aws/account-names.ts';
import { policyOf } from '@meridian/components/aws/policy-document.ts';
import { bootstrapNames } from './names.ts';
import type { BootstrapSettings } from './settings.ts';
import type { RecordBuckets } from './state.ts';

/** What somebody is told of at once, as EventBridge finds it in the record of the account. */
function watched(settings: BootstrapSettings): Readonly<Record<string, object>> {
  return {
    'broken-glass': {
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['sts.amazonaws.com'],
        eventName: ['AssumeRole'],
        requestParameters: { roleArn: [bootstrapNames(settings).breakGlassArn] },
      },
    },
    'key-at-risk': {
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['kms.amazonaws.com'],
        eventName: ['DisableKey', 'ScheduleKeyDeletion'],
      },
    },
    'root-signed-in': {
      'detail-type': ['AWS Console Sign In via CloudTrail'],
      detail: { userIdentity: { type: ['Root'] } },
    },
  };
}

/** Declares the record of what is asked of AWS, whom it wakes, and what a month may cost. */
export function declareAlarms(settings: BootstrapSettings, records: RecordBuckets): void {
  const { alarmEmail, budgetUsdMonth, environment } = settings;
  // Without a trail EventBridge hears of no call. Source: Amazon EventBridge User Guide, "AWS service events delivered via CloudTrail"
  new cloudtrail.Trail(
    'record',
    {
      name: `meridian-${environment}`,
      s3BucketName: records.trail.id,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
    },
    { protect: true },
  );
  const topic = new sns.Topic('alarms', {
    name: accountNames(environment).alarms,
    displayName: `Meridian ${environment}`,
  });
  const rules = Object.entries(watched(settings)).map(
    ([name, pattern]) => new cloudwatch.EventRule(name, { eventPattern: JSON.stringify(pattern) }),
  );
  const policy = new sns.TopicPolicy('alarms', {
    arn: topic.arn,
    policy: topic.arn.apply((arn) =>
      JSON.stringify(
        policyOf({
          Effect: 'Allow',
          // EventBridge, and S3 when somebody takes from a bucket of the platform's what nobody takes away.
          Principal: { Service: ['events.amazonaws.com', 's3.amazonaws.com'] },
          Action: 'sns:Publish',
          Resource: arn,
          Condition: { StringEquals: { 'aws:SourceAccount': settings.account } },
        }),
      ),
    ),
  });
  for (const [place, name] of Object.keys(watched(settings)).entries()) {
    const rule = rules[place];
    if (rule !== undefined) new cloudwatch.EventTarget(name, { rule: rule.name, arn: topic.arn });
  }
  for (const [name, { id }] of Object.entries(records) as [string, s3.Bucket][]) {
    new s3.BucketNotification(
      name,
      { bucket: id, topics: [{ topicArn: topic.arn, events: ['s3:ObjectRemoved:*'] }] },
      // S3 tries it at once.
      { dependsOn: [policy] },
    );
  }
  new sns.TopicSubscription('alarms', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: alarmEmail,
  });
  new budgets.Budget('month', {
    budgetType: 'COST',
    limitAmount: String(budgetUsdMonth),
    limitUnit: 'USD',
    timeUnit: 'MONTHLY',
    notifications: [
      notification('ACTUAL', 80, alarmEmail),
      notification('FORECASTED', 100, alarmEmail),
    ],
  });
}

function notification(notificationType: string, threshold: number, email: string) {
  return {
    notificationType,
    threshold,
    thresholdType: 'PERCENTAGE',
    comparisonOperator: 'GREATER_THAN',
    subscriberEmailAddresses: [email],
  };
}
