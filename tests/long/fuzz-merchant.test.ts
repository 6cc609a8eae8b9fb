import { tellOfFuzzing } from './fuzz-campaign.ts';

tellOfFuzzing('merchant');
