using Dify.Core.Accounts;
using Dify.Core.Common;
using Dify.Core.Workspaces.Setup;

namespace Dify.Web.Endpoints;

/// <summary>The own account, the features of this installation, and the forgotten password.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this RouteGroupBuilder console)
    {
        console.MapGet("/account/profile", ProfileAsync);
        console.MapPost("/account/name", RenameAsync);
        console.MapPost("/account/password", ChangePasswordAsync);
        console.MapGet("/system-features", Features).AllowAnonymous();
        console.MapPost("/forgot-password", ForgotAsync).AllowAnonymous();
        console.MapPost("/forgot-password/validity", CheckCodeAsync).AllowAnonymous();
        console.MapPost("/forgot-password/resets", ResetAsync).AllowAnonymous();
    }

    private static async Task<IResult> ProfileAsync(HttpContext http, AccountService accounts, CancellationToken cancellationToken) =>
        Results.Json(ToWire(await accounts.GetProfileAsync(http.GetAccountId(), cancellationToken)), JsonDefaults.Wire);

    private static async Task<IResult> RenameAsync(
        RenameRequest body, HttpContext http, AccountService accounts, CancellationToken cancellationToken)
    {
        await accounts.RenameAsync(http.GetAccountId(), body.Name, cancellationToken);
        return Results.Json(ToWire(await accounts.GetProfileAsync(http.GetAccountId(), cancellationToken)), JsonDefaults.Wire);
    }

    private static async Task<IResult> ChangePasswordAsync(
        ChangePasswordRequest body, HttpContext http, AccountService accounts, CancellationToken cancellationToken)
    {
        await accounts.ChangePasswordAsync(http.GetAccountId(), body.Password, body.NewPassword, cancellationToken);
        return Success();
    }

    private static IResult Features(PasswordResetService reset, RegistrationService registration) => Results.Json(
        new
        {
            is_email_setup = reset.IsAvailable,
            is_allow_register = registration.IsAllowed,
            enable_email_password_login = true,
        },
        JsonDefaults.Wire);

    private static async Task<IResult> ForgotAsync(
        ForgotRequest body, HttpContext http, PasswordResetService reset, CancellationToken cancellationToken)
    {
        LoginEndpoints.NoStore(http);
        var token = await reset.RequestAsync(body.Email, LoginEndpoints.Address(http), body.Language, cancellationToken);
        return Results.Json(new { result = "success", data = token }, JsonDefaults.Wire);
    }

    private static async Task<IResult> CheckCodeAsync(
        CheckCodeRequest body, HttpContext http, PasswordResetService reset, CancellationToken cancellationToken)
    {
        LoginEndpoints.NoStore(http);
        var token = await reset.CheckCodeAsync(body.Email, body.Token, body.Code, cancellationToken);
        return Results.Json(new { is_valid = true, email = body.Email, token }, JsonDefaults.Wire);
    }

    private static async Task<IResult> ResetAsync(
        ResetRequest body, PasswordResetService reset, CancellationToken cancellationToken)
    {
        if (body.PasswordConfirm is not null && body.PasswordConfirm != body.NewPassword)
        {
            throw DifyException.Invalid("The two passwords differ.");
        }

        await reset.SetPasswordAsync(body.Token, body.NewPassword, cancellationToken);
        return Success();
    }

    private static object ToWire(AccountProfile profile) => new
    {
        id = profile.Id,
        name = profile.Name,
        avatar = (string?)null,
        email = profile.Email,
        is_password_set = true,
        interface_language = profile.InterfaceLanguage,
        interface_theme = profile.InterfaceTheme,
        timezone = profile.TimeZone,
        last_login_at = profile.LastLoginAt?.ToUnixTimeSeconds(),
        created_at = profile.CreatedAt.ToUnixTimeSeconds(),
    };

    private static IResult Success() => Results.Json(new { result = "success" }, JsonDefaults.Wire);

    private sealed record RenameRequest(string? Name);

    private sealed record ChangePasswordRequest(string? Password, string? NewPassword);

    private sealed record ForgotRequest(string? Email, string? Language);

    private sealed record CheckCodeRequest(string? Email, string? Code, string? Token);

    private sealed record ResetRequest(string? Token, string? NewPassword, string? PasswordConfirm);
}
