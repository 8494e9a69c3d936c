/* demo/names - surname and given-name tables by generation, and names from elsewhere. */
#include "demo/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

struct surname {
	const char *text;
	unsigned share; /* of 10,000 people */
};

static const struct surname surnames[] = {
	{ "陳", 1114 },
	{ "林", 831 },
	{ "黃", 603 },
	{ "張", 527 },
	{ "李", 512 },
	{ "王", 411 },
	{ "吳", 404 },
	{ "劉", 316 },
	{ "蔡", 291 },
	{ "楊", 266 },
	{ "許", 233 },
	{ "鄭", 188 },
	{ "謝", 176 },
	{ "洪", 151 },
	{ "郭", 150 },
	{ "邱", 146 },
	{ "曾", 144 },
	{ "廖", 135 },
	{ "賴", 133 },
	{ "徐", 126 },
	{ "周", 121 },
	{ "葉", 118 },
	{ "蘇", 114 },
	{ "莊", 95 },
	{ "呂", 92 },
	{ "江", 91 },
	{ "何", 89 },
	{ "蕭", 88 },
	{ "羅", 86 },
	{ "高", 82 },
	{ "潘", 67 },
	{ "簡", 67 },
	{ "朱", 66 },
	{ "鍾", 65 },
	{ "游", 59 },
	{ "彭", 59 },
	{ "詹", 58 },
	{ "胡", 53 },
	{ "施", 53 },
	{ "沈", 52 },
	{ "余", 51 },
	{ "盧", 48 },
	{ "梁", 46 },
	{ "趙", 43 },
	{ "顏", 42 },
	{ "柯", 42 },
	{ "翁", 41 },
	{ "魏", 38 },
	{ "孫", 36 },
	{ "戴", 34 },
	{ "范", 30 },
	{ "方", 30 },
	{ "宋", 28 },
	{ "鄧", 25 },
	{ "杜", 20 },
	{ "傅", 20 },
	{ "侯", 20 },
	{ "曹", 18 },
	{ "薛", 18 },
	{ "丁", 17 },
	{ "卓", 17 },
	{ "阮", 16 },
	{ "馬", 15 },
	{ "董", 15 },
	{ "唐", 15 },
	{ "温", 15 },
	{ "藍", 15 },
	{ "蔣", 14 },
	{ "石", 14 },
	{ "古", 14 },
	{ "紀", 13 },
	{ "姚", 13 },
	{ "連", 13 },
	{ "馮", 12 },
	{ "歐", 12 },
	{ "程", 11 },
	{ "湯", 11 },
	{ "田", 10 },
	{ "康", 10 },
	{ "姜", 10 },
	{ "汪", 10 },
	{ "白", 10 },
	{ "鄒", 10 },
	{ "尤", 10 },
	{ "巫", 9 },
	{ "鐘", 9 },
	{ "涂", 9 },
	{ "龔", 8 },
	{ "嚴", 8 },
	{ "韓", 8 },
	{ "袁", 8 },
	{ "黎", 8 },
	{ "金", 7 },
	{ "陸", 7 },
	{ "倪", 6 },
	{ "夏", 6 },
	{ "童", 6 },
	{ "邵", 6 },
	{ "柳", 5 },
	{ "錢", 5 },
	{ "伍", 5 },
	{ "駱", 5 },
	{ "溫", 5 },
	{ "凃", 4 },
	{ "于", 4 },
	{ "譚", 4 },
	{ "歐陽", 3 },
	{ "孔", 3 },
	{ "張簡", 2 },
	{ "范姜", 2 },
	{ "葛", 3 },
	{ "闕", 2 },
	{ "官", 2 },
	{ "練", 2 },
};

/* What a generation's given names are made of. Characters stand most frequent first. */
struct fashion {
	int32_t until_year; /* births up to this year */
	const char *const *known_f;
	const char *const *known_m;
	const char *first_f, *second_f;
	const char *first_m, *second_m;
};

static const char *const old_f[] = { "阿好", "玉蘭", "秀英", "月娥", "寶玉", "金蓮", "素月", "春梅",
	"玉英", "罔市", "秋菊", "月桂", "阿珠", "錦雲", "美玉", "秀琴", "彩雲", "招治", "富美",
	"玉珠", "麗雲", "秀鳳", "金鳳", "蓮花", "碧霞", NULL };
static const char *const old_m[] = { "金水", "清山", "添財", "金龍", "明德", "進財", "火旺", "清泉",
	"天送", "石頭", "福來", "水生", "文雄", "正雄", "武雄", "金德", "萬福", "阿義", "清吉",
	"金生", "丁財", "榮華", "順發", "登山", "昭雄", NULL };
static const char *const post_f[] = { "淑惠", "美玲", "秀珠", "麗華", "美惠", "秀美", "淑貞",
	"麗珠", "美華", "素珍", "秀蘭", "麗卿", "月霞", "惠美", "美雲", "淑女", "寶珠", "玉梅",
	"碧珠", "美麗", "素貞", "秀玉", "瑞珠", "阿娥", "金枝", NULL };
static const char *const post_m[] = { "志明", "俊雄", "建國", "文雄", "正雄", "明輝", "榮輝",
	"文龍", "清標", "國雄", "進丁", "武男", "勝雄", "金發", "光明", "添壽", "文明", "義雄",
	"永福", "春生", "錦堂", "榮吉", "慶祥", "輝雄", "坤山", NULL };
static const char *const mid_f[] = { "淑芬", "淑惠", "美玲", "雅惠", "美惠", "麗華", "淑娟", "淑玲",
	"秀玲", "惠玲", "淑貞", "玉玲", "美珠", "慧玲", "素珍", "麗雪", "雅玲", "瓊慧", "淑華",
	"秀娟", "佩芬", "玉珍", "惠珍", "敏慧", "靜宜", NULL };
static const char *const mid_m[] = { "志明", "俊傑", "建宏", "志偉", "俊宏", "志強", "文傑", "明宏",
	"志成", "國華", "建成", "俊明", "文彬", "志賢", "榮宗", "進興", "世昌", "永昌", "嘉宏",
	"振宇", "志宏", "明達", "坤霖", "進峯", "建輝", NULL };
static const char *const late_f[] = { "怡君", "雅婷", "雅雯", "淑芬", "心怡", "佩君", "欣怡",
	"怡婷", "雅惠", "佳蓉", "詩涵", "惠雯", "婉婷", "佳玲", "怡如", "雅琪", "美君", "曉雯",
	"思穎", "靜怡", "慧君", "筱婷", "鈺婷", "宜芳", "馨儀", NULL };
static const char *const late_m[] = { "家豪", "志豪", "冠宇", "俊宏", "建宏", "宗翰", "信宏",
	"志偉", "文傑", "俊傑", "承翰", "彥廷", "柏翰", "冠廷", "智偉", "嘉偉", "政宏", "哲瑋",
	"明峰", "士豪", "家銘", "宗穎", "偉倫", "聖傑", "仁傑", NULL };
static const char *const young_f[] = { "雅婷", "怡君", "宜庭", "郁婷", "思妤", "佳穎", "詩涵",
	"欣妤", "子涵", "筱涵", "心妤", "宜蓁", "佩珊", "芷瑄", "雨潔", "佳蓉", "郁雯", "宛庭",
	"家瑜", "韻如", "品萱", "亭妤", "庭瑄", "沛柔", "羽彤", NULL };
static const char *const young_m[] = { "冠宇", "冠廷", "宗翰", "家豪", "承恩", "彥廷", "柏翰",
	"柏宇", "承翰", "宇翔", "俊宇", "子翔", "哲維", "昱廷", "家維", "品睿", "冠霖", "育誠",
	"博文", "政諺", "宥廷", "浩宇", "睿宏", "建廷", "峻瑋", NULL };
static const char *const new_f[] = { "品妤", "詠晴", "子晴", "品妍", "禹彤", "羽彤", "芯語", "宥蓁",
	"語彤", "苡晴", "妍希", "可昕", "沛恩", "子涵", "芸希", "思妤", "采潔", "昕妤", "宜蓁",
	"恩綺", "若晴", "星妤", "心妤", "亮妤", "舒妍", NULL };
static const char *const new_m[] = { "承恩", "宥廷", "品睿", "宥辰", "柏睿", "冠宇", "睿恩", "宇恩",
	"承翰", "宥翔", "丞恩", "子宸", "祐嘉", "奕辰", "彥廷", "秉叡", "宇翔", "品叡", "柏宇",
	"子睿", "恩宇", "宸宇", "定宇", "允辰", "程恩", NULL };

static const struct fashion fashions[] = {
	{ 1945, old_f, old_m, "玉秀阿月金春素寶美錦碧彩招富麗雪來罔梅桂烏緞牡查",
		"英蘭珠鳳娥雲花梅枝子玉霞菊桃琴葉嬌香蓮妹惜鑾緞腰",
		"金清添進天水文明福正萬阿火石"
		"榮順昭武錦坤",
		"水山財龍德旺泉生來福雄吉義發壽土木田輝枝塗波連" },
	{ 1960, post_f, post_m, "美秀麗淑素玉月惠碧寶金瑞彩錦春雪阿鳳富貴梅緣",
		"珠華玲惠蘭貞美卿雲霞珍娥玉鳳英琴香月嬌蓉治",
		"文志明正國建清榮金義永春勝俊武光錦坤"
		"慶輝",
		"雄明輝龍國福男發德生堂祥吉山和財榮峯源棟川" },
	{ 1975, mid_f, mid_m, "淑美雅麗惠秀玉慧素佩瓊敏靜月珮明鳳宜錦碧",
		"芬玲惠娟華貞珍慧雯卿如芳儀萍娥君燕菁櫻雪",
		"志俊建文明國榮進世永嘉振坤宗瑞金家政"
		"啟信",
		"明傑宏偉強成華彬賢宗興昌宇達霖輝銘豪峯峰源仁" },
	{ 1990, late_f, late_m, "怡雅佳欣淑佩心詩惠婉曉思靜慧筱鈺宜馨玉珮美彥孟瑋",
		"君婷雯芬怡如蓉玲涵琪穎儀芳惠萱瑜珊伶潔慈娟茹",
		"家志冠俊建宗信承彥柏智嘉政哲明士偉聖"
		"仁威",
		"豪宇宏翰偉傑廷瑋銘倫穎峰德霖賢文達祥憲儒" },
	{ 2005, young_f, young_m, "雅怡宜郁思佳詩欣子筱心佩芷雨宛家韻品亭庭沛羽珮采",
		"婷君庭妤穎涵蓁瑄潔蓉雯珊如萱瑜柔彤儒安綺琪芸",
		"冠宗家承彥柏宇俊子哲昱品育博政宥浩睿"
		"建峻",
		"宇廷翰豪恩翔維睿霖誠文諺宏瑋安勳倫緯賢軒" },
	{ 9999, new_f, new_m, "品詠子禹羽芯宥語苡妍可沛芸思采昕宜恩若星心亮舒以",
		"妤晴妍彤語蓁希昕恩涵潔綺安霏甯瑀萱語柔瑄",
		"承宥品柏冠睿宇丞子祐奕彥秉恩宸定允程禹"
		"安",
		"恩廷睿辰宇翰翔宸嘉叡安佑勳霖崴澄諺均樂緯" },
};

/* An index that favours the front of a list of n. */
static size_t
skewed(struct aw_random *random, size_t n, double power)
{
	size_t at = (size_t)(pow(aw_random_unit(random), power) * (double)n);

	return at < n ? at : n - 1;
}

const char *
aw_demo_surname(struct aw_random *random)
{
	unsigned total = 0, drawn;

	for (size_t i = 0; i < AW_COUNT(surnames); i++)
		total += surnames[i].share;
	drawn = (unsigned)aw_random_below(random, total);
	for (size_t i = 0; i < AW_COUNT(surnames); i++) {
		if (drawn < surnames[i].share)
			return surnames[i].text;
		drawn -= surnames[i].share;
	}
	return surnames[0].text;
}

static const struct fashion *
fashion_of(int32_t birth_year)
{
	size_t i = 0;

	while (birth_year > fashions[i].until_year)
		i++;
	return &fashions[i];
}

/* Every character of the pools takes three bytes of UTF-8 (the Basic Plane's ideographs). */
static const char *
pool_char(struct aw_random *random, const char *pool)
{
	return pool + 3 * skewed(random, strlen(pool) / 3, 1.5);
}

static void
compose(struct aw_random *random, const char *first, const char *seconds, char *out, size_t size)
{
	const char *second = pool_char(random, seconds);

	while (strncmp(first, second, 3) == 0)
		second = pool_char(random, seconds);
	(void)snprintf(out, size, "%.3s%.3s", first, second);
}

void
aw_demo_given(struct aw_random *random, int32_t birth_year, char sex, char *out, size_t size_bytes)
{
	const struct fashion *fashion = fashion_of(birth_year);
	const char *const *known = sex == 'F' ? fashion->known_f : fashion->known_m;
	const char *firsts = sex == 'F' ? fashion->first_f : fashion->first_m;
	const char *seconds = sex == 'F' ? fashion->second_f : fashion->second_m;
	double way = aw_random_unit(random);
	size_t count = 0;

	while (known[count] != NULL)
		count++;
	if (way < 0.0167)
		(void)snprintf(out, size_bytes, "%.3s", pool_char(random, seconds));
	else if (way < 0.17)
		(void)snprintf(out, size_bytes, "%s", known[skewed(random, count, 2.0)]);
	else
		compose(random, pool_char(random, firsts), seconds, out, size_bytes);
}

void
aw_demo_given_like(struct aw_random *random, const char *like, int32_t birth_year, char sex,
	char *out, size_t size_bytes)
{
	const struct fashion *fashion = fashion_of(birth_year);
	const char *seconds = sex == 'F' ? fashion->second_f : fashion->second_m;

	do
		compose(random, like, seconds, out, size_bytes);
	while (strcmp(out, like) == 0);
}

enum aw_demo_origin
aw_demo_origin(struct aw_random *random)
{
	/* Assumed: two thirds from China, Hong Kong and Macao, then Viet Nam, as in the national
	 * statistics of marriage immigrants. */
	uint64_t drawn = aw_random_below(random, 100);

	return drawn < 66   ? AW_ORIGIN_CHINA
	       : drawn < 87 ? AW_ORIGIN_VIETNAM
	       : drawn < 93 ? AW_ORIGIN_INDONESIA
	       : drawn < 97 ? AW_ORIGIN_PHILIPPINES
			    : AW_ORIGIN_THAILAND;
}

struct pair {
	const char *han;
	const char *latin;
};

static const struct pair viet_family[] = { { "阮", "NGUYEN" }, { "陳", "TRAN" }, { "黎", "LE" },
	{ "范", "PHAM" }, { "黃", "HOANG" }, { "武", "VU" }, { "潘", "PHAN" }, { "鄧", "DANG" },
	{ "裴", "BUI" }, { "胡", "HO" } };
static const struct pair viet_f[] = { { "秋", "THU" }, { "紅", "HONG" }, { "玉", "NGOC" },
	{ "蘭", "LAN" }, { "花", "HOA" }, { "香", "HUONG" }, { "碧玉", "BICH NGOC" },
	{ "金鸞", "KIM LOAN" }, { "青翠", "THANH THUY" }, { "雪", "TUYET" }, { "鳳", "PHUONG" },
	{ "梅", "MAI" }, { "秋姮", "THU HANG" }, { "緣", "DUYEN" }, { "草", "THAO" } };
static const struct pair viet_m[] = { { "雄", "HUNG" }, { "俊", "TUAN" }, { "明", "MINH" },
	{ "德", "DUC" }, { "勇", "DUNG" }, { "海", "HAI" } };
static const struct pair indo_f[] = { { "西蒂", "SITI AMINAH" }, { "黃麗安", "LIA ANGGRAENI" },
	{ "蘇雅蒂", "SURYATI" }, { "鄭美娜", "MEINA TJHIA" }, { "娜妮", "NANI SUMARNI" },
	{ "黃莉莉", "LILY BONG" }, { "陳秀妮", "SUNI CHANDRA" }, { "依達", "IDA FARIDA" } };
static const struct pair indo_m[] = { { "阿古斯", "AGUS SETIAWAN" }, { "布迪", "BUDI SANTOSO" },
	{ "黃威利", "WILLY BONG" } };
static const struct pair phil_f[] = { { "瑪麗亞", "MARIA SANTOS" }, { "羅莎", "ROSA REYES" },
	{ "珍妮", "JENNY CRUZ" }, { "安娜", "ANA BAUTISTA" }, { "葛蕾絲", "GRACE MENDOZA" },
	{ "蘿絲", "ROSE ANN GARCIA" } };
static const struct pair phil_m[] = { { "約翰", "JOHN DELA CRUZ" }, { "馬可", "MARCO RAMOS" } };
static const struct pair thai_f[] = { { "蘇帕", "SUPAPORN CHAIYO" }, { "娜莉", "NAREE WONGSA" },
	{ "阿萍", "APINYA SRISUK" }, { "萬妮", "WANNEE BOONMA" } };
static const struct pair thai_m[] = { { "宋猜", "SOMCHAI JAIDEE" }, { "巴頌", "PRASONG KAEW" } };

#define PICK(random, table) (table)[aw_random_below((random), AW_COUNT(table))]

static void
vietnamese(struct aw_random *random, char sex, char *han, char *latin)
{
	const struct pair family = PICK(random, viet_family);
	const struct pair own = sex == 'F' ? PICK(random, viet_f) : PICK(random, viet_m);

	(void)snprintf(
		han, AW_DEMO_NAME_SIZE, "%s%s%s", family.han, sex == 'F' ? "氏" : "文", own.han);
	(void)snprintf(latin, AW_DEMO_NAME_SIZE, "%s %s %s", family.latin,
		sex == 'F' ? "THI" : "VAN", own.latin);
}

static void
take(struct pair pair, char *han, char *latin)
{
	(void)snprintf(han, AW_DEMO_NAME_SIZE, "%s", pair.han);
	(void)snprintf(latin, AW_DEMO_NAME_SIZE, "%s", pair.latin);
}

void
aw_demo_foreign_name(
	struct aw_random *random, enum aw_demo_origin origin, char sex, char *han, char *latin)
{
	bool f = sex == 'F';
	char given[AW_DEMO_NAME_SIZE];

	switch (origin) {
	case AW_ORIGIN_VIETNAM:
		vietnamese(random, sex, han, latin);
		return;
	case AW_ORIGIN_INDONESIA:
		take(f ? PICK(random, indo_f) : PICK(random, indo_m), han, latin);
		return;
	case AW_ORIGIN_PHILIPPINES:
		take(f ? PICK(random, phil_f) : PICK(random, phil_m), han, latin);
		return;
	case AW_ORIGIN_THAILAND:
		take(f ? PICK(random, thai_f) : PICK(random, thai_m), han, latin);
		return;
	case AW_ORIGIN_CHINA:
	case AW_ORIGIN_COUNT:
		break;
	}
	aw_demo_given(random, 1970, sex, given, sizeof(given));
	(void)snprintf(han, AW_DEMO_NAME_SIZE, "%s%s", aw_demo_surname(random),
		aw_random_below(random, 100) < 35 ? given + 3 * (strlen(given) > 3) : given);
	latin[0] = '\0';
}

static const struct pair amis_f[] = { { "巴奈", "Panay" }, { "利新", "Lisin" }, { "東奕", "Dongi" },
	{ "阿凡", "Afan" }, { "拉拉", "Rara" }, { "莎伐", "Safa'" }, { "哈娜", "Hana" },
	{ "里姆伊", "Rimuy" }, { "娥夫", "Ohay" }, { "米雅", "Miya" } };
static const struct pair amis_m[] = { { "卡造", "Kacaw" }, { "馬耀", "Mayaw" }, { "福定", "Fotol" },
	{ "勒嘎", "Lekal" }, { "吾法", "Ofad" }, { "古拉斯", "Kolas" }, { "拿莫", "Namoh" },
	{ "達風", "Tafong" }, { "查勞", "Calaw" }, { "阿道", "Adaw" } };

void
aw_demo_amis_name(struct aw_random *random, char sex, char *han, char *latin)
{
	const struct pair own = sex == 'F' ? PICK(random, amis_f) : PICK(random, amis_m);
	const struct pair father = PICK(random, amis_m);

	(void)snprintf(han, AW_DEMO_NAME_SIZE, "%s．%s", own.han, father.han);
	(void)snprintf(latin, AW_DEMO_NAME_SIZE, "%s %s", own.latin, father.latin);
}
