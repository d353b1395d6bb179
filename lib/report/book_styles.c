/*
 * book_styles.c -- what the styles of a book look like.
 *
 * Formats are made in one fixed order when a book is opened, so that the same cells give
 * the same bytes.
 */
#include "report/book_parts.h"

#include <string.h>

typedef struct look {
    bool bold, italic, wrap, centre, boxed;
    uint8_t size;       /* 0: as usual */
    int32_t ink, paper; /* -1: as usual */
    const char *number;
} look;

#define FONT      "Microsoft YaHei"
#define FONT_SIZE 10

#define USUAL .ink = -1, .paper = -1
/* A number ends a blank before its box: text begins right behind it. */
#define ROOM "_ "

static const look looks[PSYI_STYLE_TIER] = {
    [PSYI_STYLE_PLAIN] = {USUAL},
    [PSYI_STYLE_TITLE] = {.bold = true, .size = 16, USUAL},
    [PSYI_STYLE_WARN] = {.bold = true, .ink = 0xC00000, .paper = -1},
    [PSYI_STYLE_NOTE] = {.ink = 0x595959, .paper = -1},
    [PSYI_STYLE_KEY] = {.bold = true, .wrap = true, USUAL},
    [PSYI_STYLE_SAY] = {.wrap = true, USUAL},
    [PSYI_STYLE_HEAD] =
        {.bold = true, .wrap = true, .centre = true, .boxed = true, .ink = -1, .paper = 0xD9E1F2},
    [PSYI_STYLE_HEAD_FILL] =
        {.bold = true, .wrap = true, .centre = true, .boxed = true, .ink = -1, .paper = 0xFFE699},
    [PSYI_STYLE_TEXT] = {.boxed = true, USUAL, .number = "General" ROOM},
    [PSYI_STYLE_WRAP] = {.wrap = true, .boxed = true, USUAL},
    [PSYI_STYLE_ID] = {.boxed = true, USUAL, .number = "@"},
    [PSYI_STYLE_ID_WRAP] = {.wrap = true, .boxed = true, USUAL, .number = "@"},
    [PSYI_STYLE_GRADE] = {.centre = true, .boxed = true, USUAL, .number = "0"},
    [PSYI_STYLE_INTEGER] = {.boxed = true, USUAL, .number = "0" ROOM},
    [PSYI_STYLE_ONE] = {.boxed = true, USUAL, .number = "0.0" ROOM},
    [PSYI_STYLE_TWO] = {.boxed = true, USUAL, .number = "0.00" ROOM},
    [PSYI_STYLE_PERCENT] = {.boxed = true, USUAL, .number = "0.0%" ROOM},
    [PSYI_STYLE_DATE] = {.centre = true, .boxed = true, USUAL, .number = "yyyy-mm-dd"},
    [PSYI_STYLE_TIME] = {.centre = true, .boxed = true, USUAL, .number = "yyyy-mm-dd hh:mm"},
    [PSYI_STYLE_FILL] = {.wrap = true, .boxed = true, .ink = -1, .paper = 0xFFFBEB},
    [PSYI_STYLE_FILL_DATE] =
        {.centre = true, .boxed = true, .ink = -1, .paper = 0xFFFBEB, .number = "yyyy-mm-dd"},
    [PSYI_STYLE_MUTED] =
        {.wrap = true, .centre = true, .boxed = true, .ink = 0x7F7F7F, .paper = -1},
    [PSYI_STYLE_GREY] = {.boxed = true, .ink = 0x7F7F7F, .paper = -1},
    [PSYI_STYLE_ALARM] = {.bold = true, .boxed = true, .ink = 0xC00000, .paper = -1},
    [PSYI_STYLE_URGENT] =
        {.bold = true, .centre = true, .boxed = true, .ink = 0xFFFFFF, .paper = 0x9C0006},
    [PSYI_STYLE_REVIEW] =
        {.bold = true, .centre = true, .boxed = true, .ink = 0x833C0B, .paper = 0xF8CBAD},
    [PSYI_STYLE_PRORATED] =
        {.italic = true, .boxed = true, .ink = 0x1F4E9C, .paper = -1, .number = "General" ROOM},
};

static lxw_format *make(psyi_book *book, const look *want, bool bold)
{
    lxw_format *const format = workbook_add_format(book->workbook);
    if (format == NULL) {
        psyi_book_fail(book, PSY_E_NOMEM, "out of memory: formats of a workbook");
        return NULL;
    }
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (want->bold || bold)
        format_set_bold(format);
    if (want->italic)
        format_set_italic(format);
    if (want->wrap)
        format_set_text_wrap(format);
    if (want->centre)
        format_set_align(format, LXW_ALIGN_CENTER);
    if (want->boxed) {
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, 0xBFBFBF);
    }
    /* Excel's own choice for Chinese text differs from machine to machine. */
    format_set_font_name(format, FONT);
    format_set_font_size(format, want->size > 0 ? want->size : FONT_SIZE);
    if (want->ink >= 0)
        format_set_font_color(format, (lxw_color_t)want->ink);
    if (want->paper >= 0)
        format_set_bg_color(format, (lxw_color_t)want->paper);
    if (want->number != NULL)
        format_set_num_format(format, want->number);
    return format;
}

/* "#RRGGBB", or white. */
static int32_t colour_of(const char *text)
{
    int32_t value = 0;
    if (text == NULL || text[0] != '#' || strlen(text) != 7)
        return 0xFFFFFF;
    for (int i = 1; i < 7; i++) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return 0xFFFFFF;
        value = value * 16 + digit;
    }
    return value;
}

/* White on dark papers: luminance by the weights of ITU-R BT.601. */
int32_t psyi_ink_on(int32_t paper)
{
    const int32_t red = paper >> 16 & 255, green = paper >> 8 & 255, blue = paper & 255;
    return 299 * red + 587 * green + 114 * blue < 140000 ? 0xFFFFFF : 0x000000;
}

void psyi_book_formats(psyi_book *book, const psyi_scheme *scheme)
{
    for (int bold = 0; bold < 2; bold++)
        for (int style = PSYI_STYLE_PLAIN + (bold == 0); style < PSYI_STYLE_TIER; style++) {
            look want = looks[style];
            if (style == PSYI_STYLE_GRADE && book->language == PSYI_ZH)
                want.number = "0\"年级\"";
            book->formats[bold][style] = make(book, &want, bold != 0);
        }
    for (size_t i = 0; i < PSYI_STYLE_RANKS; i++)
        book->tier_papers[i] = -1;
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank < 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        const int32_t paper = colour_of(tier->colour);
        const look want = {.bold = tier->rank > 0,
                           .centre = true,
                           .boxed = true,
                           .ink = psyi_ink_on(paper),
                           .paper = paper == 0xFFFFFF ? -1 : paper};
        book->tier_papers[tier->rank] = want.paper;
        for (int bold = 0; bold < 2; bold++)
            book->formats[bold][PSYI_STYLE_TIER + tier->rank] = make(book, &want, bold != 0);
    }
}

bool psyi_style_wraps(int style)
{
    return style < PSYI_STYLE_TIER && looks[style].wrap && style != PSYI_STYLE_HEAD &&
           style != PSYI_STYLE_HEAD_FILL;
}
