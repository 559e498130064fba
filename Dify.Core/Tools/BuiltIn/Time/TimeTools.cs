using System.Globalization;

namespace Dify.Core.Tools.BuiltIn.Time;

/// <summary>The tools of Dify's provider <c>time</c>, with its parameters and answers.</summary>
internal sealed class TimeTools
{
    private const string Format = "%Y-%m-%d %H:%M:%S";
    private const string FormatWithZone = "%Y-%m-%d %H:%M:%S %Z";

    private static readonly string[] Zones =
    [
        "UTC", "America/New_York", "America/Los_Angeles", "America/Chicago", "America/Sao_Paulo", "Asia/Shanghai", "Asia/Ho_Chi_Minh",
        "Asia/Tokyo", "Asia/Dubai", "Asia/Kolkata", "Asia/Seoul", "Asia/Singapore", "Europe/London", "Europe/Berlin", "Europe/Moscow",
        "Australia/Sydney", "Pacific/Auckland", "Africa/Cairo",
    ];

    private static readonly string[] Readings = ["yyyy-M-d H:m:s"];

    private readonly TimeProvider _time;

    public TimeTools(TimeProvider time)
    {
        _time = time;
        All =
        [
            new TextTool(
                new ToolDescription("current_time", "Current Time", "A tool for getting the current time.",
                [
                    new ToolParameter("format", "Format", ToolParameterKind.Text, false, "Time format in strftime standard.") { Default = Format, IsSetting = true },
                    new ToolParameter("timezone", "Timezone", ToolParameterKind.Select, false, "Timezone") { Default = "UTC", IsSetting = true, Options = Zones },
                ]),
                CurrentTime),
            new TextTool(
                new ToolDescription("localtime_to_timestamp", "localtime to timestamp", "A tool for localtime convert to timestamp",
                [
                    new ToolParameter("localtime", "localtime", ToolParameterKind.Text, true, "localtime, such as 2024-1-1 0:0:0"), Zone("timezone", "Asia/Shanghai"),
                ]),
                call => ToTimestamp(call.Text("localtime"), call.Text("timezone")).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new TextTool(
                new ToolDescription("timestamp_to_localtime", "Timestamp to localtime", "A tool for timestamp convert to localtime",
                [
                    new ToolParameter("timestamp", "Timestamp", ToolParameterKind.Number, true, "Seconds since 1970"), Zone("timezone", "Asia/Shanghai"),
                ]),
                ToLocalTime),
            new TextTool(
                new ToolDescription("timezone_conversion", "convert time to equivalent time zone", "A tool to convert time to equivalent time zone",
                [
                    new ToolParameter("current_time", "current time", ToolParameterKind.Text, true, "current time, such as 2024-1-1 0:0:0"),
                    Zone("current_timezone", "Asia/Shanghai") with { IsRequired = true }, Zone("target_timezone", "Asia/Tokyo") with { IsRequired = true },
                ]),
                call => TimeFormat.Write(
                    TimeZoneInfo.ConvertTime(ToTimestamp(call.Text("current_time"), call.Text("current_timezone")), Find(call.Text("target_timezone"))),
                    Find(call.Text("target_timezone")), Format)),
            new TextTool(
                new ToolDescription("weekday", "Weekday Calculator", "A tool for calculating the weekday of a given date by year, month and day.",
                [
                    new ToolParameter("year", "Year", ToolParameterKind.Number, true, "Year"), new ToolParameter("month", "Month", ToolParameterKind.Number, true, "Month"),
                    new ToolParameter("day", "day", ToolParameterKind.Number, true, "day"),
                ]),
                Weekday),
        ];
    }

    public IReadOnlyList<ITool> All { get; }

    private static ToolParameter Zone(string name, string fallback) =>
        new(name, name == "timezone" ? "Timezone" : name, ToolParameterKind.Text, false, $"Timezone, such as {fallback}") { Default = fallback };

    private string CurrentTime(ToolCall call)
    {
        var name = call.Text("timezone") is { Length: > 0 } given ? given : "UTC";
        var format = call.Text("format") is { Length: > 0 } wanted ? wanted : FormatWithZone;
        return TryFind(name) is { } zone
            ? TimeFormat.Write(TimeZoneInfo.ConvertTime(_time.GetUtcNow(), zone), zone, format)
            : $"Invalid timezone: {name}";
    }

    private static DateTimeOffset ToTimestamp(string text, string zoneName)
    {
        var zone = Find(zoneName);
        if (!DateTime.TryParseExact(text.Trim(), Readings, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            throw ToolException.Failed($"time data {PythonForm.Quote(text)} does not match format '{Format}'");
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static string ToLocalTime(ToolCall call)
    {
        var seconds = call.Number("timestamp") ?? 0;
        var zone = Find(call.Text("timezone"));
        return seconds is >= -62_135_596_800 and < 253_402_214_400
            ? TimeFormat.Write(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds((long)Math.Floor(seconds)), zone), zone, Format)
            : throw ToolException.Failed(string.Create(CultureInfo.InvariantCulture, $"The timestamp {seconds} is out of range. It has to be in seconds."));
    }

    private static string Weekday(ToolCall call)
    {
        var (year, month, day) = (call.Number("year") ?? 0, call.Number("month") ?? 0, call.Number("day") ?? 0);
        if (year is < 1 or >= 10_000 || month is < 1 or >= 13 || day < 1 || day >= DateTime.DaysInMonth((int)year, (int)month) + 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Invalid date: Year {year}, Month {month}, Day {day}.");
        }

        var date = new DateOnly((int)year, (int)month, (int)day);
        return string.Create(CultureInfo.InvariantCulture, $"{date:MMMM} {date.Day}, {date.Year} is {date.DayOfWeek}.");
    }

    private static TimeZoneInfo Find(string name) =>
        TryFind(name.Length == 0 ? "UTC" : name) ?? throw ToolException.Failed($"Invalid timezone: {PythonForm.Quote(name)}");

    private static TimeZoneInfo? TryFind(string name) =>
        !name.Contains("..", StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
