/* Characters of names and names of places, beside those of the demo city. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/taiwan_inner.h"
#include "text/fold.h"

enum { THREE = 3, SOUNDS = 1 << 16 };
/* Of 10,000 given names: those of the demo's tables, where the well-known ones are, and among the others
 * those of one character; so that the published shares come out (bench_synth shares). */
enum { FROM_DEMO = 2200, SINGLE = 130 };

/* Characters of given names, most frequent first as far as one knows; all have three bytes of UTF-8. */
static const char old_f[] =
	"美秀淑麗玉惠雅素月慧珍鳳寶金春瑞碧錦富貞珠華玲芬芳英蘭香娟卿雲琴娥霞珮敏靜瓊佩宜燕"
	"菁雪桂梅蓮菊花葉枝彩招嬌款治雀銀圓勤足幼緣妙容婉瑛瑩瑤環珊瑜璃琇瑰翠翡鶯鸞雁燦惜愛"
	"憐好妹姿妮娜婷嫻嫦媛嬋倩伶儀佳俐信儉德孝節義禮智仁善良純真潔清淨湘沁汝汶泳波洋海淑"
	"溫滿漢潭澄瀅灣火炎烈照熙燈牡丹芙蓉荷萍茹莉莎菲萩蕊薇藍蘇露霜霖雯晶昭晴晨暖曉曼書畫"
	"歌舞樂文詩詠詞語言訓";
static const char old_m[] =
	"志明文建國正清榮金俊義永春武勝光慶錦坤世進家宏偉雄龍福財德生堂祥吉山和財峯源棟川發"
	"水木火土田石林森樹松柏枝根茂盛昌興旺隆順安平定成功業勳輝煌耀炳燦焜焕章彰瑞祺禎禧禮祖"
	"宗嗣繼承紹啟振揚騰達通運連遠逸逢道仁智信忠孝廉節勇毅剛強健壯威烈嚴肅敬恭謙讓寬恕良善"
	"真誠實厚敦樸儉勤敏捷聰慧哲賢聖傑英豪俠才能為有得得志添丁壽松鶴鵬飛翔鴻鈞銘鎮銓鑫鐘鏡"
	"鋒銳欽鍾海江河洋波濤浩淵深澤潤洪泉漢滄";
static const char new_f[] =
	"雅怡婷佳欣君宜思涵雯萱品詩筱子心郁庭芷瑄妤蓁穎羽芸語宥妍可沛采昕恩若星舒以彤晴禹亮"
	"瑜琪蓉儀芳玲如芬瑩慧玟珊璇伶嘉育韻倩依俐瑋翎芝薇菁蕙蓓莉茜茵芮苡芃芊荷菀葳蒨蔓蕎藝"
	"馨香靜婕妮娜婉媛嫻嫣嬅孟季冠柔純潔淇湘沂沁汝泳渝渟漪潔澐瀅瀞煦照熙牧玥珈珞珮琦琬琳瑀"
	"瑟璟甄畇盈皓盼真知秀秋秝筠紋紓紫綺緹縈罄翊翡聆聖育胤臻艾芹茹莘莎華菱萍葦藍虹蝶裴襄"
	"覓詠詣語誼諭謙賢逸郡鈺鈴錡鎂開閔雁雪霏霓青靖韋頤飴馥鳳麗黛";
static const char new_m[] =
	"家志冠宗承彥柏宇俊子哲昱品育博政宥浩睿建峻信智嘉明士偉聖仁威廷翰豪恩翔維霖誠文諺宏"
	"瑋安勳倫緯賢軒丞祐奕辰秉宸定允程叡均樂佑崴澄皓鈞傑銘穎峰德達祥憲儒凱勝勛勁力卓原友向"
	"君和啟善喆喬國圻坤培堯奇奎學宏宜容富展山岳岱岳崇川州平庭康弘弦彬徳御徹恆恩悟愷慶懷成"
	"承振捷揚敏敬斌旭昇昌昕昶晉晏晟晨智暐書朋本杰東松林森楷榆榮樺正毅永江沅泓泰洋浚淳淵清"
	"渝源溢漢澤濬炫煒煜熙燁牧玄理琦瑞璟璿益盛瞬硯碩祖禾秀立竣章紘紳綸緒羽翊耀聿肇育致舜"
	"良茂華葳行衡裕見詠謙豐貴軍輔辰逸逢道遠邦郁鎧鎮鑫閎陽雋雲震霆靖韋韶順頡風飛馳駿鴻鵬龍";

/* Surnames beyond the demo's table, each as rare as the other. */
static const char *const rare_surnames[] = { "裴", "黎", "苗", "易", "談", "左", "翟", "賀", "史",
	"毛", "孟", "谷", "祝", "尹", "章", "梅", "賈", "樊", "姬", "岳", "喻", "戚", "麥", "艾",
	"辛", "安", "常", "武", "喬", "靳", "聶", "焦", "鮑", "廉", "車", "雷", "湛", "符", "冼",
	"利", "花", "宗", "幸", "池", "竇", "管", "諸葛", "司馬", "上官", "周黃", "江謝", "陳李",
	"司徒", "鍾離", "巴", "鄔", "邢", "莫", "區", "塗" };

/* Characters that are taken for each other in handwriting, pairs. */
static const char *const shapes[][2] = { { "玟", "玫" }, { "姍", "珊" }, { "妤", "好" },
	{ "怡", "恰" }, { "瑄", "暄" }, { "祐", "佑" }, { "廷", "延" }, { "銘", "鉻" },
	{ "育", "肓" }, { "昕", "听" }, { "宇", "字" }, { "己", "已" }, { "琪", "淇" },
	{ "俞", "愈" }, { "萱", "宣" }, { "惠", "恵" }, { "芸", "雲" }, { "君", "群" },
	{ "翰", "瀚" }, { "瑋", "偉" }, { "瑩", "螢" }, { "晴", "睛" }, { "淑", "俶" },
	{ "彬", "杉" }, { "榮", "營" }, { "哲", "晢" }, { "辰", "晨" }, { "妍", "研" },
	{ "慧", "惠" }, { "婷", "停" }, { "傑", "杰" }, { "瑜", "渝" }, { "涵", "函" },
	{ "雯", "零" }, { "豪", "毫" }, { "志", "忘" }, { "德", "徳" }, { "珍", "診" },
	{ "如", "茹" }, { "勳", "動" }, { "睿", "容" }, { "蓁", "秦" }, { "宥", "有" },
	{ "諺", "彥" }, { "茵", "菌" }, { "芷", "正" }, { "沛", "柿" }, { "恩", "思" },
	{ "均", "鈞" }, { "秀", "季" }, { "玉", "王" }, { "美", "羡" }, { "金", "全" },
	{ "明", "朋" }, { "建", "健" }, { "國", "圖" }, { "正", "王" }, { "清", "情" },
	{ "永", "水" }, { "春", "舂" }, { "武", "式" }, { "宏", "宠" }, { "麗", "鹿" },
	{ "芬", "分" }, { "雅", "稚" }, { "欣", "欽" }, { "佳", "往" }, { "月", "目" } };

struct county {
	const char *name;
	unsigned share; /* of 10,000 people */
	const char *districts;
};
/* Shares rounded from the counties' registered population; districts alone stand here that fit on a page. */
static const struct county counties[] = {
	{ "新北市", 1714,
		"板橋區 三重區 中和區 永和區 新莊區 新店區 樹林區 鶯歌區 三峽區 淡水區 汐止區 "
		"瑞芳區 土城區 "
		"蘆洲區 五股區 泰山區 林口區 深坑區 八里區 金山區" },
	{ "臺中市", 1208,
		"中區 東區 南區 西區 北區 西屯區 南屯區 北屯區 豐原區 東勢區 大甲區 清水區 沙鹿區 "
		"梧棲區 "
		"后里區 潭子區 大雅區 烏日區 霧峰區 太平區 大里區" },
	{ "高雄市", 1176,
		"鹽埕區 鼓山區 左營區 楠梓區 三民區 新興區 前金區 苓雅區 前鎮區 旗津區 小港區 "
		"鳳山區 林園區 "
		"大寮區 仁武區 岡山區 路竹區 旗山區 美濃區" },
	{ "臺北市", 1070,
		"松山區 信義區 大安區 中山區 中正區 大同區 萬華區 文山區 南港區 內湖區 士林區 "
		"北投區" },
	{ "桃園市", 972,
		"桃園區 中壢區 大溪區 楊梅區 蘆竹區 大園區 龜山區 八德區 龍潭區 平鎮區 新屋區 "
		"觀音區" },
	{ "臺南市", 797,
		"新營區 鹽水區 白河區 麻豆區 佳里區 善化區 新化區 永康區 仁德區 歸仁區 東區 南區 "
		"北區 安南區 "
		"安平區 中西區" },
	{ "彰化縣", 536, "彰化市 鹿港鎮 和美鎮 員林市 溪湖鎮 田中鎮 北斗鎮 二林鎮 花壇鄉 秀水鄉" },
	{ "屏東縣", 343, "屏東市 潮州鎮 東港鎮 恆春鎮 萬丹鄉 內埔鄉 里港鄉 新園鄉" },
	{ "雲林縣", 287, "斗六市 斗南鎮 虎尾鎮 西螺鎮 土庫鎮 北港鎮 麥寮鄉" },
	{ "新竹縣", 247, "竹北市 竹東鎮 新埔鎮 關西鎮 湖口鄉 新豐鄉 芎林鄉" },
	{ "苗栗縣", 229, "苗栗市 頭份市 苑裡鎮 通霄鎮 竹南鎮 後龍鎮 公館鄉" },
	{ "嘉義縣", 208, "太保市 朴子市 布袋鎮 大林鎮 民雄鄉 水上鄉 中埔鄉" },
	{ "南投縣", 205, "南投市 埔里鎮 草屯鎮 竹山鎮 集集鎮 名間鄉" },
	{ "宜蘭縣", 192, "宜蘭市 羅東鎮 蘇澳鎮 頭城鎮 礁溪鄉 員山鄉 冬山鄉 五結鄉" },
	{ "新竹市", 193, "東區 北區 香山區" },
	{ "基隆市", 155, "中正區 七堵區 暖暖區 仁愛區 中山區 安樂區 信義區" },
	{ "花蓮縣", 136, "花蓮市 鳳林鎮 玉里鎮 吉安鄉 壽豐鄉 瑞穗鄉" },
	{ "嘉義市", 113, "東區 西區" },
	{ "臺東縣", 91, "臺東市 成功鎮 關山鎮 卑南鄉" },
	{ "金門縣", 61, "金城鎮 金湖鎮 金沙鎮 金寧鄉" },
	{ "澎湖縣", 46, "馬公市 湖西鄉 白沙鄉" },
	{ "連江縣", 6, "南竿鄉 北竿鄉" },
};

static const char *const villages[] = { "中正里", "中山里", "民權里", "民生里", "信義里", "仁愛里",
	"和平里", "忠孝里", "復興里", "建國里", "成功里", "光復里", "自強里", "永安里", "福德里",
	"大同里", "三民里", "博愛里", "文化里", "新生里", "東興里", "西園里", "南門里", "北門里",
	"平和里", "安樂里", "長春里", "松竹里", "青雲里", "龍山里", "鳳鳴里", "港墘里", "埔頂里",
	"後壁里", "頂洲里", "下崙里", "內厝里", "外埔里", "新厝里", "溪洲里" };
static const char *const roads[] = { "中正路", "中山路", "民生路", "民權路", "民族路", "中華路",
	"復興路", "建國路", "成功路", "光復路", "自強路", "仁愛路", "信義路", "和平路", "忠孝路",
	"博愛路", "文化路", "三民路", "大同路", "永安街", "福德街", "新生路", "自由路", "公園路",
	"學府路", "大學路", "環河路", "河堤街", "站前路", "車站街", "市場街", "廟口街", "東門路",
	"西門路", "南門路", "北門路", "林森路", "中央路", "青年路", "勝利路", "鐵道街", "工業路",
	"科學路", "農會街", "漁港路", "海濱路", "山腳路", "溪邊街", "竹圍街", "梅林路", "松江路",
	"桃園街", "楓樹街", "柳川路", "荷田路", "蓮池路", "龍門路", "鳳凰路", "麒麟街", "延平路",
	"開元路", "裕農路", "崇德路", "崇善路", "長榮路", "長春路", "長安路", "永康街", "金華街",
	"金門街", "寶慶路", "重慶路", "武昌街", "漢口街", "南京路", "北平路", "天津路", "昆明街",
	"西藏路", "廣州街", "莒光路", "國光路", "經國路", "志學街" };
static const char *const sections[] = { "", "", "", "", "一段", "二段", "三段", "四段" };

#define PICK(random, table) (table)[aw_random_below((random), AW_COUNT(table))]

static size_t
skewed(struct aw_random *random, size_t n, double power)
{
	size_t at = (size_t)(pow(aw_random_unit(random), power) * (double)n);

	return at < n ? at : n - 1;
}

static const char *
pool_for(int32_t year, char sex)
{
	if (year <= 1974)
		return sex == 'F' ? old_f : old_m;
	return sex == 'F' ? new_f : new_m;
}

void
tw_given(struct aw_random *random, int32_t year, char sex, char *out, size_t size_bytes)
{
	const char *pool = pool_for(year, sex);
	const char *first = pool + THREE * skewed(random, strlen(pool) / THREE, 1.7);
	const char *second = pool + THREE * skewed(random, strlen(pool) / THREE, 1.5);
	uint64_t way = aw_random_below(random, 10000);

	if (strncmp(first, second, THREE) == 0)
		second = second == pool ? pool + THREE : pool;
	if (way < FROM_DEMO)
		aw_demo_given(random, year, sex, out, size_bytes);
	else if (way < FROM_DEMO + SINGLE)
		(void)snprintf(out, size_bytes, "%.3s", second);
	else
		(void)snprintf(out, size_bytes, "%.3s%.3s", first, second);
}

const char *
tw_surname(struct aw_random *random)
{
	return aw_random_below(random, 1000) < 12 ? PICK(random, rare_surnames)
						  : aw_demo_surname(random);
}

/* A word of a list with spaces between; kept as long as the program runs. */
static const char *words_of[AW_COUNT(counties)][24];
static size_t word_counts[AW_COUNT(counties)];

static void
cut_words(size_t at)
{
	char *rest = strdup(counties[at].districts), *save = NULL;

	for (char *word = strtok_r(rest, " ", &save); word != NULL;
		word = strtok_r(NULL, " ", &save))
		words_of[at][word_counts[at]++] = word;
}

/* A road with its section, kept likewise. */
static const char *road_names[AW_COUNT(roads)][AW_COUNT(sections)];

void
tw_place_draw(struct aw_random *random, struct tw_place *place)
{
	uint64_t drawn = aw_random_below(random, 9985);
	size_t at = 0;

	while (at + 1 < AW_COUNT(counties) && drawn >= counties[at].share)
		drawn -= counties[at++].share;
	place->county = counties[at].name;
	place->district = words_of[at][skewed(random, word_counts[at], 1.3)];
	place->village = PICK(random, villages);
	place->road = road_names[skewed(random, AW_COUNT(roads), 1.3)]
				[aw_random_below(random, AW_COUNT(sections))];
}

/* -- what is taken for what ------------------------------------------------------------------------ */

/* Characters by sound: heads and the next of each, index + 1. */
static const char *characters[4096];
static size_t character_count;
static uint16_t sound_heads[SOUNDS], sound_nexts[4096];

static uint32_t
character_at(const char *at)
{
	struct aw_str text = { at, THREE };
	size_t pos = 0;

	return aw_utf8_next(text, &pos);
}

static uint32_t
sound_of(uint32_t c)
{
	return aw_char_sound(aw_char_fold(c)) & (SOUNDS - 1);
}

static void
add_characters(const char *pool)
{
	for (const char *at = pool; *at != '\0'; at += THREE) {
		uint32_t sound = sound_of(character_at(at));

		characters[character_count] = at;
		sound_nexts[character_count] = sound_heads[sound];
		sound_heads[sound] = (uint16_t)++character_count;
	}
}

void
tw_begin(void)
{
	if (character_count > 0)
		return;
	add_characters(old_f);
	add_characters(old_m);
	add_characters(new_f);
	add_characters(new_m);
	for (size_t i = 0; i < AW_COUNT(counties); i++)
		cut_words(i);
	for (size_t r = 0; r < AW_COUNT(roads); r++) {
		for (size_t s = 0; s < AW_COUNT(sections); s++) {
			char name[32];

			(void)snprintf(name, sizeof(name), "%s%s", roads[r], sections[s]);
			road_names[r][s] = strdup(name);
		}
	}
}

const char *
tw_any_character(struct aw_random *random)
{
	return characters[aw_random_below(random, character_count)];
}

const char *
tw_sounds_like(struct aw_random *random, uint32_t c)
{
	const char *like[64];
	size_t count = 0;
	uint32_t sound = sound_of(c);

	for (uint16_t at = sound == 0 ? 0 : sound_heads[sound]; at != 0 && count < AW_COUNT(like);
		at = sound_nexts[at - 1])
		if (character_at(characters[at - 1]) != c)
			like[count++] = characters[at - 1];
	return count == 0 ? NULL : like[aw_random_below(random, count)];
}

const char *
tw_looks_like(struct aw_random *random, uint32_t c)
{
	size_t start = aw_random_below(random, AW_COUNT(shapes));

	for (size_t i = 0; i < AW_COUNT(shapes); i++) {
		const char *const *pair = shapes[(start + i) % AW_COUNT(shapes)];

		if (character_at(pair[0]) == c)
			return pair[1];
		if (character_at(pair[1]) == c)
			return pair[0];
	}
	return NULL;
}
