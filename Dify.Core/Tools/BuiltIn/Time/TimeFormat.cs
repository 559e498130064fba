using System.Globalization;
using System.Text;

namespace Dify.Core.Tools.BuiltIn.Time;

/// <summary>Python's <c>strftime</c> in the C locale.</summary>
internal static class TimeFormat
{
    private const int LongestFormat = 1_000;

    public static string Write(DateTimeOffset time, TimeZoneInfo zone, string format)
    {
        format = format.Length > LongestFormat ? format[..LongestFormat] : format;
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var plain = format[i + 1] == '-' && i + 2 < format.Length;
            i += plain ? 2 : 1;
            var part = Part(time, zone, format[i]);
            text.Append(plain && part is ['0' or ' ', _, ..] ? part[1..] : part ?? $"%{(plain ? "-" : "")}{format[i]}");
        }

        return text.ToString();
    }

    private static string? Part(DateTimeOffset time, TimeZoneInfo zone, char letter) => letter switch
    {
        'Y' => Number(time.Year, 4),
        'C' => Number(time.Year / 100, 2),
        'y' => Number(time.Year % 100, 2),
        'm' => Number(time.Month, 2),
        'd' => Number(time.Day, 2),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Number(time.Hour, 2),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'I' => Number(Hour12(time), 2),
        'l' => Hour12(time).ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'M' => Number(time.Minute, 2),
        'S' => Number(time.Second, 2),
        'f' => Number((int)(time.Ticks % TimeSpan.TicksPerSecond / 10), 6),
        'j' => Number(time.DayOfYear, 3),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'A' => time.DayOfWeek.ToString(),
        'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
        'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
        'w' => Number((int)time.DayOfWeek, 1),
        'u' => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
        'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'V' => Number(ISOWeek.GetWeekOfYear(time.DateTime), 2),
        'G' => Number(ISOWeek.GetYear(time.DateTime), 4),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        'Z' => ZoneName.Of(zone, time),
        'D' or 'x' => Write(time, zone, "%m/%d/%y"),
        'F' => Write(time, zone, "%Y-%m-%d"),
        'T' or 'X' => Write(time, zone, "%H:%M:%S"),
        'R' => Write(time, zone, "%H:%M"),
        'r' => Write(time, zone, "%I:%M:%S %p"),
        'c' => Write(time, zone, "%a %b %e %H:%M:%S %Y"),
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    private static int Hour12(DateTimeOffset time) => time.Hour % 12 == 0 ? 12 : time.Hour % 12;

    private static string Number(int value, int digits) => value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
