import type { CategorySlug } from './categories.ts';

/** What a merchant of one language writes. */
export interface Language {
  /** BCP 47 tag. */
  readonly tag: string;
  /** Share of the products, as a weight. */
  readonly weight: number;
  readonly brands: readonly string[];
  readonly adjectives: readonly string[];
  /** Two things to sell in each category. */
  readonly nouns: Readonly<Record<CategorySlug, readonly [string, string]>>;
  /** Sentences of descriptions; `{}` stands for the product's name. */
  readonly sentences: readonly string[];
  /** Whether the adjective follows the noun. */
  readonly nounFirst: boolean;
  /** What stands between words and between sentences. */
  readonly space: string;
}

type Nouns = Language['nouns'];

/** One line of words, two for each category in the order of CATEGORIES. */
function nouns(line: string): Nouns {
  const words = line.split(', ');
  const pair = (index: number): readonly [string, string] => {
    const [first, second] = words.slice(2 * index, 2 * index + 2);
    if (first === undefined || second === undefined) {
      throw new RangeError(`Two words for each category are needed: ${line}`);
    }
    return [first, second];
  };
  return {
    books: pair(0),
    clothing: pair(1),
    kitchen: pair(2),
    electronics: pair(3),
    garden: pair(4),
    groceries: pair(5),
    'home-office': pair(6),
    toys: pair(7),
    'musical-instruments': pair(8),
    sports: pair(9),
  };
}

/** Twelve languages in eight scripts. */
export const LANGUAGES: readonly Language[] = [
  {
    tag: 'en',
    weight: 30,
    brands: ['Hartley & Sons', 'Northwind', "O'Malley's", 'Ashdown', 'Ünderground™', '8th Street'],
    adjectives: ['Classic', 'Compact', 'Hand-made', 'Recycled', 'Extra-large', 'Travel'],
    nouns: nouns(
      'Atlas, Novel, Raincoat, Wool Jumper, Kettle, Cast-iron Pan, Headphones, Power Bank, Watering Can, Secateurs, Honey, Oat Biscuits, Desk Lamp, Office Chair, Building Blocks, Kite, Upright Piano, Ukulele, Tennis Racket, Rowing Machine',
    ),
    sentences: [
      'The {} is made to last and easy to repair.',
      'Tested by our own staff for a whole winter.',
      'Spare parts are kept for ten years.',
      "It's lighter than it looks — and tougher.",
      'Comes with a 5-year guarantee; "no questions asked".',
    ],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'de',
    weight: 14,
    brands: ['Müller & Söhne', 'Größenwahn', 'Käfer', 'Weißbach'],
    adjectives: ['Kleiner', 'Wetterfester', 'Außergewöhnlicher', 'Schöner'],
    nouns: nouns(
      'Bildband, Krimi, Regenmantel, Wollpullover, Wasserkocher, Bräter, Kopfhörer, Funkwecker, Gartenschlauch, Rasenmäher, Honig, Käse, Schreibtisch, Drehstuhl, Baukasten, Drachen, Flügel, Kontrabass, Schläger, Heimtrainer-Fußgängerüberführungssimulator',
    ),
    sentences: [
      '{}: gefertigt in kleiner Stückzahl, geprüft nach DIN.',
      'Für draußen und drinnen geeignet.',
      'Übrigens auch als Geschenk schön.',
    ],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'fr',
    weight: 9,
    brands: ['Maison Lefèvre', 'L’Œuvre', 'Château d’Août'],
    adjectives: ['léger', 'élégant', 'à l’ancienne', 'très résistant'],
    nouns: nouns(
      'Recueil, Roman, Imperméable, Pull marin, Bouilloire, Cocotte, Casque audio, Réveil, Arrosoir, Sécateur, Miel, Pâté, Bureau, Fauteuil, Jeu de construction, Cerf-volant, Piano droit, Hautbois, Ballon, Vélo d’appartement',
    ),
    sentences: [
      '{} : fabriqué en Bretagne, garanti cinq ans.',
      'Conçu pour durer ; entièrement réparable.',
      'Idéal pour Noël.',
    ],
    nounFirst: true,
    space: ' ',
  },
  {
    tag: 'pl',
    weight: 6,
    brands: ['Łódź Design', 'Źródło', 'Święta Góra'],
    adjectives: ['Mały', 'Ręcznie robiony', 'Żółty', 'Lekki'],
    nouns: nouns(
      'Słownik, Powieść, Płaszcz, Sweter, Czajnik, Garnek, Głośnik, Ładowarka, Wąż ogrodowy, Sekator, Miód, Pierniki, Fotel, Regał, Układanka, Latawiec, Skrzypce, Bęben, Kij, Hulajnoga',
    ),
    sentences: ['{} z długą gwarancją.', 'Zażółć gęślą jaźń, a potem odpocznij.', 'Polski wyrób.'],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'vi',
    weight: 4,
    brands: ['Hương Việt', 'Đồng Tâm'],
    adjectives: ['nhỏ gọn', 'truyền thống', 'cao cấp'],
    nouns: nouns(
      'Từ điển, Tiểu thuyết, Áo mưa, Áo dài, Ấm đun nước, Chảo gang, Tai nghe, Sạc dự phòng, Bình tưới, Kéo cắt cành, Mật ong, Nước mắm, Đèn bàn, Ghế xoay, Xếp hình, Diều sáo, Đàn tranh, Đàn bầu, Vợt cầu lông, Máy chạy bộ',
    ),
    sentences: ['{} được làm thủ công tại Huế.', 'Bảo hành năm năm.', 'Rất dễ sử dụng.'],
    nounFirst: true,
    space: ' ',
  },
  {
    tag: 'el',
    weight: 6,
    brands: ['Αφοί Παπαδόπουλοι', 'Ωμέγα', 'Ελιά'],
    adjectives: ['Μικρό', 'Κλασικό', 'Χειροποίητο'],
    nouns: nouns(
      'Λεξικό, Μυθιστόρημα, Αδιάβροχο, Πουλόβερ, Μπρίκι, Τηγάνι, Ακουστικά, Ραδιόφωνο, Ποτιστήρι, Κλαδευτήρι, Μέλι, Ελαιόλαδο, Γραφείο, Κάθισμα, Παζλ, Χαρταετός, Μπουζούκι, Λύρα, Μπάλα, Ποδήλατο',
    ),
    sentences: ['{} με εγγύηση πέντε ετών.', 'Φτιαγμένο στην Ελλάδα.', 'Ιδανικό για δώρο!'],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'ru',
    weight: 8,
    brands: ['Щелкунчик', 'Заря', 'Ёлка и сыновья'],
    adjectives: ['Прочный', 'Складной', 'Новый', 'Объёмный'],
    nouns: nouns(
      'Словарь, Роман, Плащ, Свитер, Самовар, Казан, Динамик, Аккумулятор, Шланг, Секатор, Мёд, Пряник, Стол, Стул, Конструктор, Змей, Рояль, Баян, Мяч, Тренажёр',
    ),
    sentences: ['{} с гарантией пять лет.', 'Съешь ещё этих мягких булок.', 'Сделано вручную.'],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'ja',
    weight: 8,
    brands: ['山田製作所', 'さくら堂', 'ミナミ', '𠮷野家具'],
    adjectives: ['小型', '手作りの', '折りたたみ式', '防水'],
    nouns: nouns(
      '図鑑, 小説, レインコート, 浴衣, 急須, 鉄鍋, イヤホン, 充電器, じょうろ, 剪定ばさみ, はちみつ, せんべい, 机, 座椅子, 積み木, 凧, 三味線, 尺八, ラケット, ダンベル',
    ),
    sentences: [
      '{}は長くお使いいただけます。',
      '日本製です。',
      '五年保証付き。',
      '贈り物にも最適です！',
    ],
    nounFirst: false,
    space: '',
  },
  {
    tag: 'zh',
    weight: 7,
    brands: ['华夏', '龍泉青瓷', '小熊家'],
    adjectives: ['便携式', '经典', '加厚', '手工'],
    nouns: nouns(
      '词典, 小说, 雨衣, 毛衣, 茶壶, 炒锅, 耳机, 充电宝, 洒水壶, 修枝剪, 蜂蜜, 月饼, 书桌, 办公椅, 积木, 风筝, 古筝, 二胡, 乒乓球拍, 跑步机',
    ),
    sentences: ['{}经久耐用。', '五年质保。', '匠心之作，送礼佳品。'],
    nounFirst: false,
    space: '',
  },
  {
    tag: 'ko',
    weight: 3,
    brands: ['한빛', '서울상회'],
    adjectives: ['휴대용', '전통', '대형'],
    nouns: nouns(
      '사전, 소설, 우비, 한복, 주전자, 가마솥, 이어폰, 보조배터리, 물뿌리개, 전지가위, 꿀, 유과, 책상, 의자, 블록, 연, 가야금, 장구, 라켓, 아령',
    ),
    sentences: ['{}은 오래 쓸 수 있습니다.', '5년 보증.', '선물용으로 좋습니다.'],
    nounFirst: false,
    space: ' ',
  },
  {
    tag: 'ar',
    weight: 4,
    brands: ['النيل', 'بيت الحكمة', 'الزيتونة'],
    adjectives: ['صغير', 'تقليدي', 'فاخر'],
    nouns: nouns(
      'قاموس, ديوان, معطف, قفطان, إبريق, قدر, سماعة, شاحن, مرشّ, مقصّ, عسل, تمر, مكتب, كرسي, مكعبات, طائرة ورقية, عود, ناي, مضرب, دراجة',
    ),
    sentences: ['{} مضمون لخمس سنوات.', 'صُنع يدويًا في القاهرة.', 'هدية مناسبة للجميع.'],
    nounFirst: true,
    space: ' ',
  },
  {
    tag: 'hi',
    weight: 1,
    brands: ['गंगा', 'हिमालय'],
    adjectives: ['छोटा', 'पारंपरिक'],
    nouns: nouns(
      'शब्दकोश, उपन्यास, रेनकोट, कुर्ता, केतली, कड़ाही, हेडफ़ोन, चार्जर, फव्वारा, कैंची, शहद, लड्डू, मेज़, कुर्सी, पहेली, पतंग, सितार, तबला, बल्ला, साइकिल',
    ),
    sentences: ['{} पाँच साल की गारंटी के साथ।', 'भारत में निर्मित।'],
    nounFirst: false,
    space: ' ',
  },
];
