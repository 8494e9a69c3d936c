/* demo/streets - districts with assumed sizes, their villages and roads, and addresses. */
#include "demo/streets.h"

#include <stdio.h>

#include "base/str.h"

static const char *const zhongzheng_li[] = { "德義里", "正義里", "信義里", "義重里", "港通里",
	"中船里", "正船里", "入船里", "正砂里", "真砂里", "砂灣里", "中砂里", "建國里", "中正里",
	"海濱里", "中濱里", "正濱里", "平寮里", "和憲里", "社寮里", "八斗里", "碧砂里", "長潭里",
	"砂子里", "新富里", "新豐里" };
static const char *const qidu_li[] = { "長興里", "正光里", "富民里", "永平里", "永安里", "永富里",
	"正明里", "八德里", "自強里", "泰安里", "六堵里", "堵南里", "堵北里", "百福里", "實踐里",
	"友一里", "友二里", "瑪東里", "瑪西里", "瑪南里" };
static const char *const nuannuan_li[] = { "八南里", "八中里", "八西里", "過港里", "暖暖里",
	"暖東里", "暖西里", "暖同里", "碇內里", "碇和里", "碇祥里", "碇安里", "興隆里" };
static const char *const renai_li[] = { "玉田里", "花崗里", "林泉里", "文安里", "英仁里", "龍門里",
	"文昌里", "水錦里", "同風里", "虹橋里", "誠仁里", "博愛里", "仁德里", "福仁里", "明德里",
	"和明里", "曲水里", "智仁里", "育仁里", "書院里", "德厚里", "朝棟里", "崇文里", "吉仁里",
	"忠勇里", "兆連里", "獅球里", "新店里", "光華里" };
static const char *const zhongshan_li[] = { "民治里", "通化里", "通明里", "仁正里", "居仁里",
	"健民里", "協和里", "新建里", "仙洞里", "太白里", "文化里", "中興里", "和慶里", "和平里",
	"安平里", "安民里", "中山里", "西華里", "西榮里", "西康里", "西定里", "德安里", "德和里",
	"中和里" };
static const char *const anle_li[] = { "永康里", "壯觀里", "慈仁里", "嘉仁里", "樂一里", "定國里",
	"定邦里", "西川里", "永固里", "七賢里", "新崙里", "武崙里", "鶯安里", "鶯歌里", "外寮里",
	"內寮里", "中崙里", "興寮里", "六合里", "長安里", "四維里", "三民里", "五福里", "干城里",
	"長樂里" };
static const char *const xinyi_li[] = { "義昭里", "義民里", "義和里", "禮儀里", "禮東里", "智慧里",
	"智誠里", "信綠里", "仁義里", "孝德里", "孝忠里", "孝賢里", "孝岡里", "孝深里", "東信里",
	"東光里", "東安里", "東明里", "中興里", "月眉里" };

static const char *const zhongzheng_road[] = { "中正路", "中船路", "北寧路", "正濱路", "和一路",
	"和二路", "平一路", "祥豐街", "新豐街", "調和街", "豐稔街", "觀海街", "義一路", "義二路",
	"信一路", "信二路", "信三路", "八斗街", "漁港一街", "環港街", NULL };
static const char *const qidu_road[] = { "明德一路", "明德二路", "百一街", "百三街", "百五街",
	"福一街", "福二街", "實踐路", "自治街", "崇義街", "崇信街", "永富路", "大華一路",
	"華新一路", "東新街", "泰安路", "堵南街", "開元路", "長安街", "南興路", NULL };
static const char *const nuannuan_road[] = { "暖暖街", "東勢街", "水源路", "源遠路", "碇內街",
	"過港路", "八堵路", "暖碇路", "金華街", "寧靜街", "國安路", "興隆街", NULL };
static const char *const renai_road[] = { "仁一路", "仁二路", "愛一路", "愛二路", "愛三路",
	"愛四路", "孝一路", "孝三路", "忠一路", "忠三路", "南榮路", "劉銘傳路", "獅球路", "龍安街",
	"光二路", "精一路", "華二街", "成功一路", "復興街", "公園街", NULL };
static const char *const zhongshan_road[] = { "中山一路", "中山二路", "中山三路", "中和路",
	"中華路", "文化路", "西定路", "安一路", "復興路", "德安路", "通明街", "太白街", "協和街",
	"健民街", "仙洞街", "成功二路", "光華路", NULL };
static const char *const anle_road[] = { "安樂路一段", "安樂路二段", "基金一路", "基金二路",
	"基金三路", "麥金路", "武隆街", "武訓街", "武嶺街", "崇德路", "樂一路", "樂利三街",
	"定國街", "內寮路", "新西街", "安和一街", NULL };
static const char *const xinyi_road[] = { "東信路", "東明路", "東光路", "中興路", "信一路",
	"信二路", "義三路", "義五路", "義七路", "深溪路", "深澳坑路", "月眉路", "壽山路", "教忠街",
	"教孝街", "孝東路", "正信路", "崇法街", "六和街", NULL };

/* Sizes assumed, see the header; the codes are city.yaml's. */
const struct aw_demo_district aw_demo_districts[AW_DEMO_DISTRICTS] = {
	{ "10017010", "中正區", 51620, AW_COUNT(zhongzheng_li), zhongzheng_li, zhongzheng_road },
	{ "10017020", "七堵區", 53560, AW_COUNT(qidu_li), qidu_li, qidu_road },
	{ "10017030", "暖暖區", 38900, AW_COUNT(nuannuan_li), nuannuan_li, nuannuan_road },
	{ "10017040", "仁愛區", 41900, AW_COUNT(renai_li), renai_li, renai_road },
	{ "10017050", "中山區", 46530, AW_COUNT(zhongshan_li), zhongshan_li, zhongshan_road },
	{ "10017060", "安樂區", 81830, AW_COUNT(anle_li), anle_li, anle_road },
	{ "10017070", "信義區", 50426, AW_COUNT(xinyi_li), xinyi_li, xinyi_road },
};

static const char *
road_of(struct aw_random *random, const struct aw_demo_district *district)
{
	size_t count = 0;

	while (district->roads[count] != NULL)
		count++;
	return district->roads[aw_random_below(random, count)];
}

void
aw_demo_address(
	struct aw_random *random, uint32_t district, uint32_t village, char *out, size_t size_bytes)
{
	const struct aw_demo_district *d = &aw_demo_districts[district];
	unsigned lin = 1 + (unsigned)aw_random_below(random, 25);
	unsigned door = 1 + (unsigned)aw_random_below(random, 180);
	char lane[32] = "", sub[16] = "", floor[16] = "";

	/* Houses on the hills stand in lanes more often than on the road. */
	if (aw_random_below(random, 100) < 58)
		(void)snprintf(
			lane, sizeof(lane), "%u巷", 1 + (unsigned)aw_random_below(random, 320));
	if (lane[0] != '\0' && aw_random_below(random, 100) < 22) {
		size_t len = 0;
		while (lane[len] != '\0')
			len++;
		(void)snprintf(lane + len, sizeof(lane) - len, "%u弄",
			1 + (unsigned)aw_random_below(random, 40));
	}
	if (aw_random_below(random, 100) < 14)
		(void)snprintf(sub, sizeof(sub), "之%u", 1 + (unsigned)aw_random_below(random, 9));
	if (aw_random_below(random, 100) < 72)
		(void)snprintf(floor, sizeof(floor), "%u樓",
			1 + (unsigned)aw_random_below(random, 100) % 12);
	/* 12號3樓之5, but 12號之5 without a floor. */
	(void)snprintf(out, size_bytes, "基隆市%s%s%u鄰%s%s%u號%s%s", d->name, d->villages[village],
		lin, road_of(random, d), lane, door, floor, sub);
}
