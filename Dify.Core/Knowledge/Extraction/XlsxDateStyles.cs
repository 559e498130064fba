using System.Globalization;
using System.Xml;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Which cell styles of a workbook show a number as a date.</summary>
internal sealed class XlsxDateStyles
{
    private readonly HashSet<int> _styles = [];

    public bool IsDate(int style) => _styles.Contains(style);

    public static XlsxDateStyles Read(OfficePackage package)
    {
        var dates = new XlsxDateStyles();
        var formats = new HashSet<int>(Enumerable.Range(14, 9).Concat(Enumerable.Range(45, 3)));
        using var reader = package.OpenXml("xl/styles.xml");
        var inCells = false;
        var index = 0;
        while (reader?.Read() == true)
        {
            switch (reader)
            {
                case { NodeType: XmlNodeType.Element, LocalName: "numFmt" }
                    when Number(reader, "numFmtId") is { } id && ShowsDate(reader.GetAttribute("formatCode")):
                    formats.Add(id);
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "cellXfs" }:
                    inCells = !reader.IsEmptyElement;
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "cellXfs" }:
                    inCells = false;
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "xf" } when inCells:
                    if (Number(reader, "numFmtId") is { } used && formats.Contains(used))
                    {
                        dates._styles.Add(index);
                    }

                    index++;
                    break;
            }
        }

        return dates;
    }

    /// <summary>A serial day number as <c>2024-05-01</c>, with the time where it has one.</summary>
    public static string Show(double serial, bool epoch1904)
    {
        if (serial is < 0 or > 2_958_465)
        {
            return serial.ToString(CultureInfo.InvariantCulture);
        }

        if (serial < 1)
        {
            return TimeSpan.FromSeconds(Math.Round(serial * 86_400)).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);
        }

        // Excel counts a 29th of February 1900 that never was.
        var epoch = epoch1904 ? new DateTime(1904, 1, 1) : serial < 60 ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30);
        var instant = epoch.AddDays(Math.Floor(serial)).AddSeconds(Math.Round((serial - Math.Floor(serial)) * 86_400));
        return instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static int? Number(XmlReader reader, string name) =>
        int.TryParse(reader.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A format code with a day, month, year or hour outside quotes, brackets and escapes.</summary>
    private static bool ShowsDate(string? code)
    {
        var quoted = false;
        var bracket = false;
        for (var i = 0; i < code?.Length; i++)
        {
            switch (code[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    bracket = true;
                    break;
                case ']':
                    bracket = false;
                    break;
                case 'd' or 'D' or 'y' or 'Y' or 'h' or 'H' or 'm' or 'M' when !quoted && !bracket:
                    return true;
            }
        }

        return false;
    }
}
