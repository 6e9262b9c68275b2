/**
 * Shapes of postal codes by country (Universal Postal Union addressing sheets): `#` a digit, `@` a
 * letter, `*` either, everything else as written. Several shapes are parted by `|`; an empty text
 * means that the country has no postal codes.
 */
const masks = `
AD=AD###;AF=####;AI=AI-2640;AL=####;AM=####;AR=####|@####|@####@@@;AS=96799|96799-####;AT=####;AU=####;AX=22###;AZ=AZ ####
BA=#####;BB=BB#####;BD=####;BE=####;BG=####;BH=###|####;BL=97###;BM=@@ ##|@@ @@;BN=@@####;BR=#####-###;BT=#####;BY=######
CA=@#@ #@#;CC=6799;CH=####;CL=###-####;CN=######;CO=######;CR=#####|####;CU=#####;CV=####;CX=6798;CY=####;CZ=### ##
DE=#####;DK=####;DO=#####;DZ=#####;EC=######;EE=#####;EG=#####|#######;ES=#####;ET=####;FI=#####;FK=FIQQ 1ZZ;FM=9694#|9694#-####;FO=###;FR=#####
GB=@# #@@|@## #@@|@@# #@@|@@## #@@|@#@ #@@|@@#@ #@@|GIR 0AA;GE=####;GF=973##;GG=GY# #@@|GY## #@@;GI=GX11 1AA;GL=39##;GN=###;GP=971##
GR=### ##;GS=SIQQ 1ZZ;GT=#####;GU=969##|969##-####;GW=####;HN=#####;HR=#####;HT=####;HU=####
ID=#####;IE=@## ****|@#W ****;IL=#######|#####;IM=IM# #@@|IM## #@@;IN=### ###;IO=BBND 1ZZ;IQ=#####;IR=##########;IS=###;IT=#####
JE=JE# #@@|JE## #@@;JM=##|@@@@@##;JO=#####;JP=###-####;KE=#####;KG=######;KH=#####|######;KR=#####;KW=#####;KY=KY#-####;KZ=######|@##@#@#
LA=#####;LB=####|####-####;LI=94##;LK=#####;LR=####;LS=###;LT=#####;LU=####;LV=LV-####;MA=#####;MC=980##;MD=MD####|MD-####;ME=#####;MF=97###
MG=###;MH=969##|969##-####;MK=####;MM=#####;MN=#####;MP=9695#|9695#-####;MQ=972##;MT=@@@ ####;MU=#####;MV=#####;MX=#####;MY=#####;MZ=####
NA=#####;NC=988##;NE=####;NF=2899;NG=######;NI=#####;NL=#### @@;NO=####;NP=#####;NZ=####;OM=###;PA=####;PE=#####|LIMA #|LIMA ##|CALLAO #|CALLAO ##;PF=987##;PG=###;PH=####;PK=#####
PL=##-###;PM=97500;PN=PCRN 1ZZ;PR=00###|00###-####;PS=###|#######;PT=####-###;PW=969##|969##-####;PY=####|######;RE=974##;RO=######;RS=#####|######;RU=######
SA=#####|#####-####;SD=#####;SE=### ##;SG=######;SH=@@@@ 1ZZ;SI=####;SJ=####;SK=### ##;SM=4789#;SN=#####;SV=####;SZ=@###
TC=TKCA 1ZZ;TH=#####;TJ=######;TM=######;TN=####;TR=#####;TT=######;TW=###|###-##|###-###;TZ=#####;UA=#####;US=#####|#####-####;UY=#####;UZ=######
VA=00120;VC=VC####;VE=####|####-@;VG=VG####;VI=008##|008##-####;VN=#####|######;WF=986##;WS=WS####;XK=#####;YT=976##;ZA=####;ZM=#####
AE=;AG=;AO=;AW=;BF=;BI=;BJ=;BO=;BQ=;BS=;BW=;BZ=;CD=;CF=;CG=;CI=;CK=;CM=;CW=;DJ=;DM=;ER=;FJ=;GA=;GD=;GH=;GM=;GQ=;GY=;HK=;KI=;KM=;KN=;KP=
ML=;MO=;MR=;MS=;MW=;NR=;NU=;QA=;RW=;SB=;SC=;SL=;SR=;SS=;ST=;SX=;SY=;TD=;TF=;TG=;TK=;TL=;TO=;TV=;UG=;VU=;YE=;ZW=
`;

/** Masks by country; an empty list where the country has no postal codes. */
export const postalCodeMasks: ReadonlyMap<string, readonly string[]> = new Map(
  masks
    .trim()
    .split(/[;\n]/)
    .map((entry): [string, string[]] => {
      const [country = "", shapes = ""] = entry.split("=");
      return [country, shapes.split("|").filter((mask) => mask !== "")];
    }),
);
