using System.Globalization;
using System.Text;

namespace Dify.Core.Common;

/// <summary>Texts and floats in the form that Python's <c>repr</c> gives them.</summary>
internal static class PythonRepr
{
    /// <summary>Shortest digits that read back the same; exponent below 1e-4 and from 1e16 on.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number))
        {
            return "nan";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "inf" : "-inf";
        }

        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var negative = shortest.StartsWith('-');
        var mantissa = shortest.AsSpan(negative ? 1 : 0);
        var mark = mantissa.IndexOf('E');
        var power = mark < 0 ? 0 : int.Parse(mantissa[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        mantissa = mark < 0 ? mantissa : mantissa[..mark];
        var point = mantissa.IndexOf('.') is var found && found >= 0 ? found : mantissa.Length;
        var all = mantissa.ToString().Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = digits.Length == 0 ? 0 : point - 1 - (all.Length - digits.Length) + power;
        digits = digits.TrimEnd('0');
        digits = digits.Length == 0 ? "0" : digits;
        var sign = negative ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        digits = digits.PadRight(exponent + 1, '0');
        return digits.Length == exponent + 1 ? $"{sign}{digits}.0" : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>In single quotes, or in double ones when the text has single ones only.</summary>
    public static void AppendQuoted(StringBuilder text, string value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(value);
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                var code when code == quote => text.Append('\\').Append(quote),
                < 0x20 or 0x7f => text.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                >= 0x80 when !IsPrintable(rune) => rune.Value switch
                {
                    <= 0xff => text.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                    <= 0xffff => text.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:x4}"),
                    _ => text.Append(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
                },
                _ => text.Append(rune.ToString()),
            };
        }

        text.Append(quote);
    }

    /// <summary><c>str.isprintable</c> of one character.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
