using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Accounts;

/// <summary>What an e-mail address, a password and a name must look like; the same for pages and API.</summary>
public static partial class AccountRules
{
    public const int MaxEmailLength = 254;
    public const int MaxPasswordLength = 256;
    public const int MaxNameLength = 100;

    public static IReadOnlyList<string> Languages { get; } = ["en-US", "zh-Hans"];

    public static IReadOnlyList<string> Themes { get; } = ["light", "dark", "system"];

    public static bool IsEmail(string? text) =>
        text is { Length: > 0 and <= MaxEmailLength } && EmailPattern().IsMatch(text);

    /// <summary>At least 8 characters, one of them a letter of A to Z and one a digit.</summary>
    public static bool IsPassword(string? text) =>
        text is { Length: >= 8 and <= MaxPasswordLength } && text.Any(char.IsAsciiLetter) && text.Any(char.IsAsciiDigit);

    /// <summary>The form in which addresses are compared and found.</summary>
    public static string NormalizeEmail(string email) => email.Trim().Normalize().ToUpperInvariant();

    /// <exception cref="DifyException">400 <c>invalid_email</c>.</exception>
    public static string RequireEmail(string? text)
    {
        var email = text?.Trim();
        return IsEmail(email)
            ? email!
            : throw new DifyException(ErrorCodes.InvalidEmail, "Enter a valid e-mail address, like name@example.com.");
    }

    /// <exception cref="DifyException">400 <c>invalid_password</c>.</exception>
    public static string RequirePassword(string? text) => IsPassword(text)
        ? text!
        : throw new DifyException(
            ErrorCodes.InvalidPassword, "The password needs at least 8 characters, among them a letter and a digit.");

    /// <exception cref="DifyException">400 <c>invalid_param</c>.</exception>
    public static string RequireName(string? text)
    {
        var name = text?.Trim();
        return name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl)
            ? name
            : throw DifyException.Invalid($"Enter a name of 1 to {MaxNameLength} characters.");
    }

    /// <summary>The language that is meant, or English for one that is not offered.</summary>
    public static string LanguageOrDefault(string? text) => text switch
    {
        not null when text.StartsWith("zh", StringComparison.OrdinalIgnoreCase) => "zh-Hans",
        _ => "en-US",
    };

    public static string TimeZoneOrDefault(string? text) =>
        text is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? text : "UTC";

    [GeneratedRegex(@"\A[\w.!#$%&'*+\-/=?^_`{|}~]+@([\w-]+\.)+[\w-]{2,}\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex EmailPattern();
}
