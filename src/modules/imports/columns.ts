/** What is written in a column's cells. */
export type CellType = 'text' | 'number' | 'day' | 'upper' | 'kind';

/** A column of a file of declarations. Its name is the path of the field in a declaration, or in one of its items. */
export interface Column {
  readonly name: string;
  readonly of: 'declaration' | 'item';
  readonly type: CellType;
  /** Other headings it is known under, in English, Spanish and Chinese. */
  readonly headings: readonly string[];
}

const column = (of: Column['of'], type: CellType, name: string, ...headings: string[]): Column => ({
  of,
  type,
  name,
  headings,
});

/** The columns of a party: `consignee.name` and so on. */
function partyColumns(name: string, english: string, spanish: string, ...chinese: string[]): Column[] {
  const of = (field: string, words: string[]): string[] => [
    `${english} ${words[0] ?? field}`,
    `${words[1] ?? ''} ${spanish}`,
    ...chinese.flatMap((party) => words.slice(2).map((word) => `${party}${word}`)),
  ];
  const party = (field: string, type: CellType, words: string[], ...more: string[]): Column =>
    column('declaration', type, `${name}.${field}`, ...of(field, words), ...more);
  return [
    party('name', 'text', ['name', 'nombre del', '名稱', '名称'], english, spanish, ...chinese),
    party('country', 'upper', ['country', 'país del', '國家', '国家', '國別', '国别']),
    party('address', 'text', ['address', 'dirección del', '地址']),
    party('id', 'text', [
      'registration number',
      'identificación del',
      '統一編號',
      '统一编号',
      '編號',
      '编号',
    ]),
    party('phone', 'text', ['phone', 'teléfono del', '電話', '电话']),
    party('email', 'text', ['email', 'correo del', '電子郵件', '电子邮件', '邮箱']),
  ];
}

/** In the order of a template. */
export const COLUMNS: readonly Column[] = [
  column(
    'declaration',
    'text',
    'reference',
    'declaration reference',
    'declaration number',
    'invoice',
    'invoice number',
    'referencia',
    'número de referencia',
    'factura',
    'número de factura',
    '參考編號',
    '参考编号',
    '申報編號',
    '申报编号',
    '發票號碼',
    '发票号码',
  ),
  column(
    'item',
    'kind',
    'kind',
    'type',
    'item type',
    'kind of item',
    'tipo',
    'clase',
    '種類',
    '种类',
    '類型',
    '类型',
    '品類',
    '品类',
  ),
  column(
    'item',
    'text',
    'maker',
    'manufacturer',
    'make',
    'brand',
    'fabricante',
    'marca',
    '製造商',
    '制造商',
    '廠牌',
    '厂牌',
    '品牌',
  ),
  column('item', 'text', 'model', 'model number', 'modelo', '型號', '型号'),
  column(
    'item',
    'text',
    'serial',
    'serial number',
    'serial no',
    's/n',
    'sn',
    'número de serie',
    'no de serie',
    'nº de serie',
    'serie',
    '序號',
    '序号',
    '序列號',
    '序列号',
    '機號',
    '机号',
    '出廠編號',
    '出厂编号',
  ),
  column(
    'item',
    'text',
    'partOf',
    'part of',
    'belongs to',
    'press serial',
    'parte de',
    'pertenece a',
    'serie de la prensa',
    '所屬機台',
    '所属机台',
    '所屬設備',
    '所属设备',
    '主機序號',
    '主机序号',
  ),
  column('item', 'text', 'condition', 'state', 'condición', 'estado', '狀況', '状况', '新舊', '新旧'),
  column(
    'item',
    'text',
    'hs',
    'hs code',
    'tariff code',
    'código hs',
    'código arancelario',
    'partida arancelaria',
    'hs編碼',
    'hs编码',
    '稅則號列',
    '税则号列',
    '海關編碼',
    '海关编码',
  ),
  column(
    'item',
    'number',
    'stations',
    'number of stations',
    'estaciones',
    'número de estaciones',
    '沖數',
    '冲数',
    '工位數',
    '工位数',
  ),
  column(
    'item',
    'number',
    'capacityPerHour',
    'capacity per hour',
    'tablets per hour',
    'output per hour',
    'capacidad por hora',
    'tabletas por hora',
    '每小時產量',
    '每小时产量',
    '產能',
    '产能',
  ),
  column(
    'item',
    'text',
    'automation',
    'automation level',
    'automatización',
    '自動化',
    '自动化',
    '自動化程度',
    '自动化程度',
  ),
  column(
    'item',
    'text',
    'marking.method',
    'marking method',
    'método de marcado',
    '標記方式',
    '标记方式',
    '打標方式',
    '打标方式',
  ),
  column(
    'item',
    'text',
    'marking.position',
    'marking position',
    'posición del marcado',
    'posición de la marca',
    '標記位置',
    '标记位置',
    '打標位置',
    '打标位置',
  ),
  column(
    'item',
    'number',
    'year',
    'year of manufacture',
    'year made',
    'año',
    'año de fabricación',
    '年份',
    '製造年份',
    '制造年份',
    '出廠年份',
    '出厂年份',
  ),
  column(
    'item',
    'number',
    'value.amount',
    'value',
    'amount',
    'price',
    'valor',
    'importe',
    'precio',
    '價值',
    '价值',
    '金額',
    '金额',
    '單價',
    '单价',
  ),
  column('item', 'upper', 'value.currency', 'currency', 'moneda', 'divisa', '幣別', '币种', '貨幣', '货币'),
  column('item', 'text', 'description', 'item description', 'descripción', '說明', '说明', '描述', '品名'),
  column(
    'declaration',
    'upper',
    'destination',
    'destination country',
    'country of destination',
    'destino',
    'país de destino',
    '目的國',
    '目的国',
    '目的地',
    '輸往國家',
    '输往国家',
  ),
  ...partyColumns('consignee', 'consignee', 'consignatario', '收貨人', '收货人'),
  ...partyColumns('endUser', 'end user', 'usuario final', '最終使用者', '最终用户', '最終用戶'),
  column(
    'declaration',
    'text',
    'endUse',
    'end use',
    'use',
    'uso final',
    'uso',
    '最終用途',
    '最终用途',
    '用途',
  ),
  column(
    'declaration',
    'upper',
    'portOfExit',
    'port of exit',
    'port of loading',
    'exit port',
    'puerto de salida',
    'puerto de embarque',
    '出口港',
    '裝貨港',
    '装货港',
    '出境口岸',
  ),
  column(
    'declaration',
    'upper',
    'portOfEntry',
    'port of entry',
    'port of discharge',
    'entry port',
    'puerto de entrada',
    'puerto de destino',
    '進口港',
    '进口港',
    '卸貨港',
    '卸货港',
    '入境口岸',
  ),
  column(
    'declaration',
    'text',
    'transport',
    'mode of transport',
    'means of transport',
    'transporte',
    'medio de transporte',
    '運輸方式',
    '运输方式',
  ),
  column(
    'declaration',
    'day',
    'plannedExit',
    'planned exit',
    'planned date of exit',
    'export date',
    'date of export',
    'fecha de salida',
    'fecha de salida prevista',
    'fecha de exportación',
    '預計出口日期',
    '预计出口日期',
    '出口日期',
  ),
  column(
    'declaration',
    'text',
    'licence',
    'license',
    'licence number',
    'license number',
    'licencia',
    'número de licencia',
    '許可證',
    '许可证',
    '許可證號碼',
    '许可证号',
    '輸出許可證號碼',
  ),
  column(
    'declaration',
    'day',
    'licence.validUntil',
    'licence valid until',
    'license valid until',
    'licencia válida hasta',
    '許可證有效期限',
    '许可证有效期',
  ),
  column(
    'declaration',
    'text',
    'licence.issuedBy',
    'licence issued by',
    'license issued by',
    'licencia emitida por',
    '發證機關',
    '发证机关',
  ),
  column(
    'declaration',
    'upper',
    'regime',
    'export regime',
    'régimen',
    'régimen de exportación',
    '管制規定',
    '管制规定',
  ),
  ...partyColumns('broker', 'broker', 'agente', '報關行', '报关行', '經紀人', '经纪人'),
];

export const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(COLUMNS.map((each) => [each.name, each]));

/** Without marks, spaces, case and accents: `Número de Serie:` and `numero de serie` are one heading. */
function headingKey(heading: string): string {
  return heading
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}

const BY_HEADING: ReadonlyMap<string, string> = new Map(
  COLUMNS.flatMap(({ name, headings }) => [name, ...headings].map((each) => [headingKey(each), name])),
);

/** What a heading stands for: a column, one that is passed over, or nothing that is known. */
export type HeadingMeaning = { readonly column: string } | 'left-out' | 'unknown';

/**
 * Finds what headings stand for, leniently, and before that what `mapping` says of them. A heading that begins with
 * `_` is passed over: those are what the registry adds to rows that it hands back.
 */
export function createHeadings(
  mapping: Readonly<Record<string, string>>,
): (heading: string) => HeadingMeaning {
  const given = new Map(Object.entries(mapping).map(([heading, name]) => [headingKey(heading), name]));
  return (heading) => {
    const text = heading.trim();
    const named = given.get(headingKey(text)) ?? BY_HEADING.get(headingKey(text));
    if (named !== undefined && named !== '') return { column: named };
    return named === '' || text === '' || text.startsWith('_') ? 'left-out' : 'unknown';
  };
}
