/** What a product must be like; each text is part of that field as its merchant wrote it. */
export interface Wanted {
  readonly name?: string;
  readonly brand?: string;
  readonly category?: string;
  readonly attribute?: string;
}

/** A query, and which products are what its author meant by it. */
export interface JudgedQuery {
  readonly kind: QueryKind;
  readonly query: string;
  /** Grade 3: just what is meant. */
  readonly perfect: readonly Wanted[];
  /** Grade 1: not it, but of use to who meant it. */
  readonly fair: readonly Wanted[];
}

export type QueryKind = 'plain' | 'typo' | 'script' | 'accent' | 'two words' | 'brand';

type Row = readonly [query: string, perfect: Wanted, fair?: Wanted];

const name = (text: string): Wanted => ({ name: text });

const PLAIN: readonly Row[] = [
  ['kettle', name('Kettle')],
  ['atlas', name('Atlas')],
  ['headphones', name('Headphones')],
  ['secateurs', name('Secateurs')],
  ['kite', name('Kite')],
  ['ukulele', name('Ukulele')],
  ['krimi', name('Krimi')],
  ['drehstuhl', name('Drehstuhl')],
  ['roman', name('Roman')],
  ['fauteuil', name('Fauteuil')],
  ['sekator', name('Sekator'), name('Sécateur')],
  ['honig', name('Honig')],
  ['rasen', name('Rasenmäher')],
  ['wasserk', name('Wasserkocher')],
  ['sweter', name('Sweter')],
];

const TYPO: readonly Row[] = [
  ['ketlle', name('Kettle')],
  ['kettel', name('Kettle')],
  ['kettl', name('Kettle')],
  ['hedphones', name('Headphones')],
  ['headfones', name('Headphones')],
  ['raincaot', name('Raincoat')],
  ['rain coat', name('Raincoat')],
  ['jumpr', name('Wool Jumper')],
  ['secatuers', name('Secateurs')],
  ['ukelele', name('Ukulele')],
  ['bisquits', name('Oat Biscuits')],
  ['ofice chair', name('Office Chair')],
  ['watering cann', name('Watering Can')],
  ['piono', name('Upright Piano')],
  ['tenis racket', name('Tennis Racket')],
  ['rowing mashine', name('Rowing Machine')],
  ['regenmantl', name('Regenmantel')],
  ['kopfhorrer', name('Kopfhörer')],
  ['shreibtisch', name('Schreibtisch')],
  ['wasserkocer', name('Wasserkocher')],
  ['bouiloire', name('Bouilloire')],
  ['imperméble', name('Imperméable')],
  ['ladowraka', name('Ładowarka')],
  ['самавар', name('Самовар')],
  ['секатро', name('Секатор')],
];

const SCRIPT: readonly Row[] = [
  ['самовар', name('Самовар')],
  ['словарь', name('Словарь')],
  ['РОЯЛЬ', name('Рояль')],
  ['急須', name('急須')],
  ['図鑑', name('図鑑')],
  ['浴衣', name('浴衣')],
  ['イヤホン', name('イヤホン')],
  ['ｲﾔﾎﾝ', name('イヤホン')],
  ['はちみつ', name('はちみつ')],
  ['茶壶', name('茶壶')],
  ['耳机', name('耳机')],
  ['充电宝', name('充电宝')],
  ['小说', name('小说')],
  ['주전자', name('주전자')],
  ['책상', name('책상')],
  ['إبريق', name('إبريق')],
  ['ابريق', name('إبريق')],
  ['قاموس', name('قاموس')],
  ['कुर्ता', name('कुर्ता')],
  ['कड़ाही', name('कड़ाही')],
];

const ACCENT: readonly Row[] = [
  ['kopfhorer', name('Kopfhörer')],
  ['rasenmaher', name('Rasenmäher')],
  ['brater', name('Bräter')],
  ['flugel', name('Flügel')],
  ['kase', name('Käse')],
  ['secateur', name('Sécateur'), name('Secateurs')],
  ['reveil', name('Réveil')],
  ['pate', name('Pâté')],
  ['slownik', name('Słownik')],
  ['powiesc', name('Powieść')],
  ['miod', name('Miód')],
  ['glosnik', name('Głośnik')],
  ['мед', name('Мёд')],
  ['Kettlé', name('Kettle')],
  ['مقص', name('مقصّ')],
];

const TWO_WORDS: readonly Row[] = [
  ['classic kettle', name('Classic Kettle'), name('Kettle')],
  ['kettle compact', name('Compact Kettle'), name('Kettle')],
  ['travel kettle', name('Travel Kettle'), name('Kettle')],
  ['recycled atlas', name('Recycled Atlas'), name('Atlas')],
  ['hand-made honey', name('Hand-made Honey'), name('Honey')],
  ['powerbank', name('Power Bank')],
  ['cast iron pan', name('Cast-iron Pan')],
  ['wool jumper', name('Wool Jumper')],
  ['wetterfester regenmantel', name('Wetterfester Regenmantel'), name('Regenmantel')],
  ['schoner wasserkocher', name('Schöner Wasserkocher'), name('Wasserkocher')],
  ['casque audio', name('Casque audio')],
  ['bouilloire elegant', name('Bouilloire élégant'), name('Bouilloire')],
  ['maly czajnik', name('Mały Czajnik'), name('Czajnik')],
  ['складной стол', name('Складной Стол'), name('Стол')],
  ['novel hardcover', { name: 'Novel', attribute: 'hardcover' }, name('Novel')],
];

const BRAND: readonly Row[] = [
  ['northwind', { brand: 'Northwind' }],
  ['northwind kettle', { brand: 'Northwind', name: 'Kettle' }, name('Kettle')],
  ['hartley honey', { brand: 'Hartley & Sons', name: 'Honey' }, name('Honey')],
  ['weissbach', { brand: 'Weißbach' }],
  ['muller sohne', { brand: 'Müller & Söhne' }],
  ['lodz design', { brand: 'Łódź Design' }],
  ['oeuvre', { brand: 'L’Œuvre' }],
  ['щелкунчик', { brand: 'Щелкунчик' }],
  ['山田製作所', { brand: '山田製作所' }],
  ['nortwind', { brand: 'Northwind' }],
];

const rows: readonly (readonly [QueryKind, readonly Row[]])[] = [
  ['plain', PLAIN],
  ['typo', TYPO],
  ['script', SCRIPT],
  ['accent', ACCENT],
  ['two words', TWO_WORDS],
  ['brand', BRAND],
];

/**
 * A hundred queries over the first QUALITY_PRODUCTS products of the generated catalogue. They were
 * written, and judged by these rules, by one person who knew the generator and before any result was
 * seen: they tell whether a change of search makes it better or worse, not how content shoppers are.
 */
export const JUDGED_QUERIES: readonly JudgedQuery[] = rows.flatMap(([kind, each]) =>
  each.map(([query, perfect, fair]) => ({
    kind,
    query,
    perfect: [perfect],
    fair: fair === undefined ? [] : [fair],
  })),
);

export const QUALITY_PRODUCTS = 2_000;
