using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>The limits of single values.</summary>
internal sealed class ScalarCheck(CodeLimits limits)
{
    public static NodeFailedException Wrong(string message) => new(message, "OutputValidationError");

    /// <summary>What Dify lets fail in Python.</summary>
    public static NodeFailedException Unsupported(string type, string message) => new($"{type}: {message}", type);

    /// <summary>A number as it is, a boolean as 0 or 1.</summary>
    public JsonNode? Number(JsonNode? value, string path)
    {
        switch (PythonType.NameOf(value))
        {
            case "NoneType":
                return null;
            case "bool":
                return value!.GetValue<bool>() ? 1 : 0;
            case "int":
                ArgumentNullException.ThrowIfNull(value);
                var whole = BigInteger.Parse(PythonText.Number((JsonValue)value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                CheckRange(whole > limits.MaxNumber || whole < limits.MinNumber, path);
                return value.DeepClone();
            case "float":
                ArgumentNullException.ThrowIfNull(value);
                var real = PythonText.AsDouble((JsonValue)value);
                CheckRange(real > limits.MaxNumber || real < limits.MinNumber, path);
                return Digits(real) > limits.MaxPrecision
                    ? throw Wrong($"Output variable `{path}` has too high precision, it must be less than {limits.MaxPrecision} digits.")
                    : value.DeepClone();
            default:
                throw Wrong($"Output {path} is not a number, got {PythonType.ClassOf(value)} instead.");
        }
    }

    /// <summary>A text without NUL characters. Other values fail as <c>len</c> and <c>replace</c> fail on them.</summary>
    public JsonNode? Text(JsonNode? value, string path)
    {
        switch (PythonType.NameOf(value))
        {
            case "NoneType":
                return null;
            case "str":
                break;
            case "list" or "dict":
                throw Unsupported("AttributeError", $"'{PythonType.NameOf(value)}' object has no attribute 'replace'");
            default:
                throw Unsupported("TypeError", $"object of type '{PythonType.NameOf(value)}' has no len()");
        }

        var text = value!.GetValue<string>();
        return text.Length > limits.MaxStringLength && Length(text) > limits.MaxStringLength
            ? throw Wrong($"The length of output variable `{path}` must be less than {limits.MaxStringLength} characters")
            : JsonValue.Create(text.Replace("\0", "", StringComparison.Ordinal));
    }

    private void CheckRange(bool isOutside, string path)
    {
        if (isOutside)
        {
            throw Wrong($"Output variable `{path}` is out of range, it must be between {limits.MinNumber} and {limits.MaxNumber}.");
        }
    }

    private static int Length(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>Digits after the point of the shortest form of a number.</summary>
    private static int Digits(double number)
    {
        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture).TrimStart('-');
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        if (number == 0 || !double.IsFinite(number))
        {
            return 0;
        }

        var digits = new StringBuilder(mantissa.Length).Append(mantissa.Replace(".", "", StringComparison.Ordinal)).ToString().Trim('0');
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Math.Max(0, digits.Length - 1 - exponent);
    }
}
