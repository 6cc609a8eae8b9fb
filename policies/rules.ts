import { nobodyIsAdministrator, rightsAreNamed, secretsAreGivenByName } from './rules/access.ts';
import {
  cloudBackupsAreKept,
  cloudDataAreEncrypted,
  cloudDataAreProtected,
  cloudEnginesAreInThreeZones,
  cloudKeysRotate,
  cloudLogsHaveAnEnd,
  cloudRecordsHaveThreeCopies,
} from './rules/cloud-data.ts';
import { nothingSkipsTheGuards, theEdgeIsStrict } from './rules/cloud-edge.ts';
import {
  cloudEnginesSpeakTlsAlone,
  cloudGroupsNameWhoComesIn,
  everyBucketIsLocked,
  nodesHideTheirCredentials,
  nothingOfACloudIsPublic,
} from './rules/cloud-reach.ts';
import { cloudResourcesAreTagged } from './rules/cloud-tags.ts';
import {
  cloudRightsAreNamed,
  cloudTokensNameWhose,
  cloudTrustIsNamed,
} from './rules/cloud-rights.ts';
import {
  commitsAreOnTwoInstances,
  dataAreProtected,
  recordsAreKeptForADay,
  recordsHaveThreeCopies,
  volumesAreKept,
} from './rules/data.ts';
import {
  everyPodHasANetworkPolicy,
  nothingBypassesTheEdge,
  nothingIsOpenToEverybody,
} from './rules/network.ts';
import {
  containersSayWhatTheyUse,
  imagesAreByDigest,
  lastingPodsAreProbed,
  namespacesEnforcePodSecurity,
  podsAreRestricted,
  secretsAreInNoEnvironment,
} from './rules/pods.ts';
import { enginesSpeakTlsAlone, theEdgeSpeaksTlsAlone } from './rules/transport.ts';
import { aDrainTakesOne, enginesKeepTheirBudgets, replicasAreInThreeZones } from './rules/zones.ts';
import type { Rule } from './rule.ts';

/** Every rule; a new one stands here and has a change that breaks it in rules.test.ts. */
export const RULES: readonly Rule[] = [
  podsAreRestricted,
  namespacesEnforcePodSecurity,
  containersSayWhatTheyUse,
  imagesAreByDigest,
  lastingPodsAreProbed,
  secretsAreInNoEnvironment,
  everyPodHasANetworkPolicy,
  nothingIsOpenToEverybody,
  nothingBypassesTheEdge,
  replicasAreInThreeZones,
  aDrainTakesOne,
  enginesKeepTheirBudgets,
  dataAreProtected,
  volumesAreKept,
  recordsHaveThreeCopies,
  recordsAreKeptForADay,
  commitsAreOnTwoInstances,
  enginesSpeakTlsAlone,
  theEdgeSpeaksTlsAlone,
  rightsAreNamed,
  secretsAreGivenByName,
  nobodyIsAdministrator,
  cloudDataAreEncrypted,
  cloudKeysRotate,
  cloudDataAreProtected,
  cloudBackupsAreKept,
  cloudLogsHaveAnEnd,
  cloudRecordsHaveThreeCopies,
  cloudEnginesAreInThreeZones,
  cloudEnginesSpeakTlsAlone,
  nothingOfACloudIsPublic,
  everyBucketIsLocked,
  cloudGroupsNameWhoComesIn,
  nodesHideTheirCredentials,
  cloudRightsAreNamed,
  cloudTrustIsNamed,
  cloudTokensNameWhose,
  cloudResourcesAreTagged,
  theEdgeIsStrict,
  nothingSkipsTheGuards,
];
