using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Models.Providers;

namespace Dify.Core.Models.Credentials;

/// <summary>Checks what was typed into a credential form before it is used or stored.</summary>
internal static class CredentialForm
{
    private const int LongestValue = 4096;

    /// <summary>Dify's own names of the same fields.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["openai_api_key"] = "api_key",
        ["anthropic_api_key"] = "api_key",
        ["openai_api_base"] = "base_url",
        ["anthropic_api_url"] = "base_url",
        ["endpoint_url"] = "base_url",
        ["openai_organization"] = "organization",
    };

    /// <param name="entered">Values by field; a secret that is missing or empty means the stored one.</param>
    /// <param name="stored">The credentials so far, if they could be opened.</param>
    /// <exception cref="DifyException">400 <c>invalid_param</c> naming the field.</exception>
    public static ProviderCredentials Read(
        ProviderSchema schema, IReadOnlyDictionary<string, string?> entered, ProviderCredentials? stored)
    {
        var given = Normalise(entered);
        var values = new Dictionary<string, string>();
        foreach (var field in schema.Fields.Where(field => !field.Secret))
        {
            if (Value(given, field) is { Length: > 0 } value)
            {
                values[field.Name] = value;
            }
        }

        // A stored key goes only to the address that it was entered for: otherwise changing the address would reveal it.
        var sameAddress = stored is not null && (values.GetValueOrDefault("base_url") ?? "") == (stored.Values.GetValueOrDefault("base_url") ?? "");
        foreach (var field in schema.Fields.Where(field => field.Secret))
        {
            var value = Value(given, field);
            if (value.Length == 0 && sameAddress)
            {
                value = stored!.Values.GetValueOrDefault(field.Name, "");
            }

            if (value.Length > 0)
            {
                values[field.Name] = value;
            }
        }

        foreach (var field in schema.Fields.Where(field => field.Required && field.Default.Length == 0))
        {
            if (!values.ContainsKey(field.Name))
            {
                throw DifyException.Invalid($"Enter the {field.Label} ({field.Name}) of {schema.Label}.");
            }
        }

        return new ProviderCredentials(schema, values);
    }

    public static Dictionary<string, string> Hints(ProviderCredentials credentials) => credentials.Schema.Fields
        .Where(field => credentials.Values.ContainsKey(field.Name))
        .ToDictionary(field => field.Name, field => field.Secret ? Mask(credentials.Values[field.Name]) : credentials.Values[field.Name]);

    private static string Mask(string secret) => secret.Length >= 16 ? "••••" + secret[^4..] : "••••";

    private static Dictionary<string, string> Normalise(IReadOnlyDictionary<string, string?> entered)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in entered)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                values[Aliases.GetValueOrDefault(name, name)] = value.Trim();
            }
        }

        return values;
    }

    private static string Value(Dictionary<string, string> given, CredentialField field)
    {
        var value = given.GetValueOrDefault(field.Name, "");
        if (value.Length > LongestValue || value.Any(char.IsControl))
        {
            throw DifyException.Invalid($"The {field.Label} ({field.Name}) is too long or contains characters that cannot be used, such as line breaks.");
        }

        return value.Length == 0 ? value : field.Kind switch
        {
            "url" => Address(value, field),
            "number" => Number(value, field),
            _ => value,
        };
    }

    private static string Address(string value, CredentialField field) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? value.TrimEnd('/')
            : throw DifyException.Invalid($"The {field.Label} ({field.Name}) must be an address such as https://example.com/v1, without user name, query or fragment.");

    private static string Number(string value, CredentialField field) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000_000
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw DifyException.Invalid($"The {field.Label} ({field.Name}) must be a whole number of at least 1.");
}
