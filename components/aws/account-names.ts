/** Where names are: an account, and the environment that they are of. */
export interface AccountPlace {
  /** The account's number, 12 digits. */
  readonly account: string;
  /** Name of the environment, such as 'prod'. */
  readonly environment: string;
}

/**
 * Names by which bootstrap and the platform know each other: the one makes what the other is made with, and neither reads the
 * other's state.
 */
export interface AccountNames {
  /** The role that changes the platform. */
  readonly deploy: string;
  /** The role of people, who look and change nothing. */
  readonly readOnly: string;
  /** The role for when nothing else works. */
  readonly breakGlass: string;
  /** The policy that no role of the platform's can go beyond. */
  readonly boundary: string;
  /** The topic that writes to people at once. */
  readonly alarms: string;
}

/** Names of roles, policies and topics of an environment; those of roles they are no more than 64 characters (IAM). */
export function accountNames(environment: string): AccountNames {
  return {
    deploy: `meridian-${environment}-deploy`,
    readOnly: `meridian-${environment}-read-only`,
    breakGlass: `meridian-${environment}-break-glass`,
    boundary: `meridian-${environment}-boundary`,
    alarms: `meridian-${environment}-alarms`,
  };
}

/** By which AWS knows a role of the account. */
export function roleArn({ account }: AccountPlace, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

/** By which AWS knows the policy that every role of the platform's is held within. */
export function boundaryArn({ account, environment }: AccountPlace): string {
  return `arn:aws:iam::${account}:policy/${accountNames(environment).boundary}`;
}

/** By which AWS knows the topic that writes to people at once. */
export function alarmsArn({ account, environment }: AccountPlace, region: string): string {
  return `arn:aws:sns:${region}:${account}:${accountNames(environment).alarms}`;
}

/** Name of the cluster and of the network that it is in. */
export function clusterNameOf(platform: string, environment: string): string {
  return `${platform}-${environment}`;
}
