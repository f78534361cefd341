/**
 * The columns of a file in the order of a template, a line each: name, what it is of, what its cells hold, and the other
 * headings it is known under, in English, Spanish and Chinese (traditional and simplified).
 */
export const COLUMN_TABLE = `
reference | declaration | text | declaration reference, declaration number, invoice, invoice number, referencia, número de referencia, factura, número de factura, 參考編號, 参考编号, 申報編號, 申报编号, 發票號碼, 发票号码
kind | item | kind | type, item type, kind of item, tipo, clase, 種類, 种类, 類型, 类型, 品類, 品类
maker | item | text | manufacturer, make, brand, fabricante, marca, 製造商, 制造商, 廠牌, 厂牌, 品牌
model | item | text | model number, modelo, 型號, 型号
serial | item | text | serial number, serial no, s/n, sn, número de serie, no de serie, nº de serie, serie, 序號, 序号, 序列號, 序列号, 機號, 机号, 出廠編號, 出厂编号
partOf | item | text | part of, belongs to, press serial, parte de, pertenece a, serie de la prensa, 所屬機台, 所属机台, 所屬設備, 所属设备, 主機序號, 主机序号
condition | item | text | state, condición, estado, 狀況, 状况, 新舊, 新旧
hs | item | text | hs code, tariff code, código hs, código arancelario, partida arancelaria, hs編碼, hs编码, 稅則號列, 税则号列, 海關編碼, 海关编码
stations | item | number | number of stations, estaciones, número de estaciones, 沖數, 冲数, 工位數, 工位数
capacityPerHour | item | number | capacity per hour, tablets per hour, output per hour, capacidad por hora, tabletas por hora, 每小時產量, 每小时产量, 產能, 产能
automation | item | text | automation level, automatización, 自動化, 自动化, 自動化程度, 自动化程度
marking.method | item | text | marking method, método de marcado, 標記方式, 标记方式, 打標方式, 打标方式
marking.position | item | text | marking position, posición del marcado, posición de la marca, 標記位置, 标记位置, 打標位置, 打标位置
year | item | number | year of manufacture, year made, año, año de fabricación, 年份, 製造年份, 制造年份, 出廠年份, 出厂年份
value.amount | item | number | value, amount, price, valor, importe, precio, 價值, 价值, 金額, 金额, 單價, 单价
value.currency | item | upper | currency, moneda, divisa, 幣別, 币种, 貨幣, 货币
description | item | text | item description, descripción, 說明, 说明, 描述, 品名
destination | declaration | upper | destination country, country of destination, destino, país de destino, 目的國, 目的国, 目的地, 輸往國家, 输往国家
consignee.name | declaration | text | consignee name, nombre del consignatario, 收貨人名稱, 收貨人名称, 收货人名稱, 收货人名称, consignee, consignatario, 收貨人, 收货人
consignee.country | declaration | upper | consignee country, país del consignatario, 收貨人國家, 收貨人国家, 收貨人國別, 收貨人国别, 收货人國家, 收货人国家, 收货人國別, 收货人国别
consignee.address | declaration | text | consignee address, dirección del consignatario, 收貨人地址, 收货人地址
consignee.id | declaration | text | consignee registration number, identificación del consignatario, 收貨人統一編號, 收貨人统一编号, 收貨人編號, 收貨人编号, 收货人統一編號, 收货人统一编号, 收货人編號, 收货人编号
consignee.phone | declaration | text | consignee phone, teléfono del consignatario, 收貨人電話, 收貨人电话, 收货人電話, 收货人电话
consignee.email | declaration | text | consignee email, correo del consignatario, 收貨人電子郵件, 收貨人电子邮件, 收貨人邮箱, 收货人電子郵件, 收货人电子邮件, 收货人邮箱
endUser.name | declaration | text | end user name, nombre del usuario final, 最終使用者名稱, 最終使用者名称, 最终用户名稱, 最终用户名称, 最終用戶名稱, 最終用戶名称, end user, usuario final, 最終使用者, 最终用户, 最終用戶
endUser.country | declaration | upper | end user country, país del usuario final, 最終使用者國家, 最終使用者国家, 最終使用者國別, 最終使用者国别, 最终用户國家, 最终用户国家, 最终用户國別, 最终用户国别, 最終用戶國家, 最終用戶国家, 最終用戶國別, 最終用戶国别
endUser.address | declaration | text | end user address, dirección del usuario final, 最終使用者地址, 最终用户地址, 最終用戶地址
endUser.id | declaration | text | end user registration number, identificación del usuario final, 最終使用者統一編號, 最終使用者统一编号, 最終使用者編號, 最終使用者编号, 最终用户統一編號, 最终用户统一编号, 最终用户編號, 最终用户编号, 最終用戶統一編號, 最終用戶统一编号, 最終用戶編號, 最終用戶编号
endUser.phone | declaration | text | end user phone, teléfono del usuario final, 最終使用者電話, 最終使用者电话, 最终用户電話, 最终用户电话, 最終用戶電話, 最終用戶电话
endUser.email | declaration | text | end user email, correo del usuario final, 最終使用者電子郵件, 最終使用者电子邮件, 最終使用者邮箱, 最终用户電子郵件, 最终用户电子邮件, 最终用户邮箱, 最終用戶電子郵件, 最終用戶电子邮件, 最終用戶邮箱
endUse | declaration | text | end use, use, uso final, uso, 最終用途, 最终用途, 用途
portOfExit | declaration | upper | port of exit, port of loading, exit port, puerto de salida, puerto de embarque, 出口港, 裝貨港, 装货港, 出境口岸
portOfEntry | declaration | upper | port of entry, port of discharge, entry port, puerto de entrada, puerto de destino, 進口港, 进口港, 卸貨港, 卸货港, 入境口岸
transport | declaration | text | mode of transport, means of transport, transporte, medio de transporte, 運輸方式, 运输方式
plannedExit | declaration | day | planned exit, planned date of exit, export date, date of export, fecha de salida, fecha de salida prevista, fecha de exportación, 預計出口日期, 预计出口日期, 出口日期
licence | declaration | text | license, licence number, license number, licencia, número de licencia, 許可證, 许可证, 許可證號碼, 许可证号, 輸出許可證號碼
licence.validUntil | declaration | day | licence valid until, license valid until, licencia válida hasta, 許可證有效期限, 许可证有效期
licence.issuedBy | declaration | text | licence issued by, license issued by, licencia emitida por, 發證機關, 发证机关
regime | declaration | upper | export regime, régimen, régimen de exportación, 管制規定, 管制规定
broker.name | declaration | text | broker name, nombre del agente, 報關行名稱, 報關行名称, 报关行名稱, 报关行名称, 經紀人名稱, 經紀人名称, 经纪人名稱, 经纪人名称, broker, agente, 報關行, 报关行, 經紀人, 经纪人
broker.country | declaration | upper | broker country, país del agente, 報關行國家, 報關行国家, 報關行國別, 報關行国别, 报关行國家, 报关行国家, 报关行國別, 报关行国别, 經紀人國家, 經紀人国家, 經紀人國別, 經紀人国别, 经纪人國家, 经纪人国家, 经纪人國別, 经纪人国别
broker.address | declaration | text | broker address, dirección del agente, 報關行地址, 报关行地址, 經紀人地址, 经纪人地址
broker.id | declaration | text | broker registration number, identificación del agente, 報關行統一編號, 報關行统一编号, 報關行編號, 報關行编号, 报关行統一編號, 报关行统一编号, 报关行編號, 报关行编号, 經紀人統一編號, 經紀人统一编号, 經紀人編號, 經紀人编号, 经纪人統一編號, 经纪人统一编号, 经纪人編號, 经纪人编号
broker.phone | declaration | text | broker phone, teléfono del agente, 報關行電話, 報關行电话, 报关行電話, 报关行电话, 經紀人電話, 經紀人电话, 经纪人電話, 经纪人电话
broker.email | declaration | text | broker email, correo del agente, 報關行電子郵件, 報關行电子邮件, 報關行邮箱, 报关行電子郵件, 报关行电子邮件, 报关行邮箱, 經紀人電子郵件, 經紀人电子邮件, 經紀人邮箱, 经纪人電子郵件, 经纪人电子邮件, 经纪人邮箱
`;
