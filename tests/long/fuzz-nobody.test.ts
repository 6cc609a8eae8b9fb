import { tellOfFuzzing } from '../end-to-end/fuzz/campaign.ts';

tellOfFuzzing(undefined);
